import type { MigrationBuilder } from 'node-pg-migrate';

export const up = (pgm: MigrationBuilder): void => {
  pgm.sql(`
    -- when each span of the reconciliation is due next; whoever moves it sees to it
    CREATE TABLE reconciliations (
      span    text PRIMARY KEY,
      next_at timestamptz NOT NULL,
      last_at timestamptz
    );
  `);
};

/** Going back would lose sight of when the books were compared last: there is no way down. */
export const down = false;
