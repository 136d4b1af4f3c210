import type { MigrationBuilder } from 'node-pg-migrate';

export const up = (pgm: MigrationBuilder): void => {
  pgm.sql(`
    -- everything that was stored up to then has been handled by this runner
    ALTER TABLE checkpoints ADD COLUMN as_of timestamptz;

    -- what a runner keeps in order; null where it is the stream itself
    ALTER TABLE parked ADD COLUMN key text;
  `);
};

/** Going back would forget what is parked: there is no way down. */
export const down = false;
