import type { MigrationBuilder } from 'node-pg-migrate';

export const up = (pgm: MigrationBuilder): void => {
  pgm.sql(`
    -- the key under which each person's data is sealed, itself wrapped: deleting the row erases the person from every event
    CREATE TABLE subject_keys (
      subject    text PRIMARY KEY,
      wrapped    bytea NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now()
    );
  `);
};

/** Going back would erase everybody: there is no way down. */
export const down = false;
