import type { MigrationBuilder } from 'node-pg-migrate';

export const up = (pgm: MigrationBuilder): void => {
  pgm.sql(`
    -- a rebuild that an operator asked for over HTTP: how, who works on it and until when that counts, how far it is, and
    -- why the last one failed
    ALTER TABLE projection_routes
      ADD COLUMN asked        jsonb,
      ADD COLUMN worker       text,
      ADD COLUMN worker_until timestamptz,
      ADD COLUMN progress     jsonb,
      ADD COLUMN failed       text;
  `);
};

/** Going back would forget what was asked: there is no way down. */
export const down = false;
