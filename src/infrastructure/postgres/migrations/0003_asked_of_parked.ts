import type { MigrationBuilder } from 'node-pg-migrate';

export const up = (pgm: MigrationBuilder): void => {
  pgm.sql(`
    -- what an operator asks of a parked event, 'retry' or 'discard': the runner's owner does it, for nobody else may
    ALTER TABLE parked ADD COLUMN asked text;

    -- when it was last tried again in vain
    ALTER TABLE parked ADD COLUMN tried_at timestamptz;
  `);
};

/** Going back would forget what was asked: there is no way down. */
export const down = false;
