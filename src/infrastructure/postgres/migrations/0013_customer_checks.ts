import type { MigrationBuilder } from 'node-pg-migrate';

export const up = (pgm: MigrationBuilder): void => {
  pgm.sql(`
    -- whose orders were checked, and with what result: what a check of their next one is told of them
    CREATE TABLE customer_checks (
      order_id   text PRIMARY KEY,
      account_id text NOT NULL,
      placed_at  timestamptz NOT NULL,
      verdict    text NOT NULL
    );
    CREATE INDEX customer_checks_by_account ON customer_checks (account_id, placed_at);
  `);
};

/** Going back would make everybody new again: there is no way down. */
export const down = false;
