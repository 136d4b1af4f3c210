import type { MigrationBuilder } from 'node-pg-migrate';

export const up = (pgm: MigrationBuilder): void => {
  pgm.sql(`
    -- events that a process or publisher could not handle and that an operator discarded: the reconciliation looks at each once
    CREATE TABLE discarded (
      runner       text NOT NULL,
      position     numeric(20,0) NOT NULL,
      stream       text NOT NULL,
      revision     bigint NOT NULL,
      event_type   text NOT NULL,
      discarded_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (runner, position)
    );
    CREATE INDEX discarded_at ON discarded (discarded_at);
  `);
};

/** Going back would forget what nobody has made up for: there is no way down. */
export const down = false;
