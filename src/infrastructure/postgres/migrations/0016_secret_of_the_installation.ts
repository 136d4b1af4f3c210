import type { MigrationBuilder } from 'node-pg-migrate';

export const up = (pgm: MigrationBuilder): void => {
  pgm.sql(`
    -- one row: what follows from the secret under which this database is filled, so that another secret is noticed at a start
    CREATE TABLE installation (
      only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
      secret_mark text NOT NULL
    );
  `);
};

/** Nothing is lost without it, but nothing goes back here: see the first migration. */
export const down = false;
