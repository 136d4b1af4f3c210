import type { MigrationBuilder } from 'node-pg-migrate';

export const up = (pgm: MigrationBuilder): void => {
  pgm.sql(`
    -- what is old is found without reading what is new; rows lie in the order in which they came, so a few blocks tell
    CREATE INDEX webhook_inbox_age ON webhook_inbox USING brin (received_at);
    CREATE INDEX timers_age ON timers USING brin (created_at);
  `);
};

/** Nothing is lost without them, but nothing goes back here: see the first migration. */
export const down = false;
