import type { MigrationBuilder } from 'node-pg-migrate';

export const up = (pgm: MigrationBuilder): void => {
  pgm.sql(`
    -- requests that came with an Idempotency-Key and were not refused, as far as is known: with none, the key is free again
    ALTER TABLE idempotency ADD COLUMN uses integer NOT NULL DEFAULT 1;
  `);
};

/** Nothing is lost without it, but nothing goes back here: see the first migration. */
export const down = false;
