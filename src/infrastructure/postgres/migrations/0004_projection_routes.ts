import type { MigrationBuilder } from 'node-pg-migrate';

export const up = (pgm: MigrationBuilder): void => {
  pgm.sql(`
    -- which build of a read model serves, which one served before, and which one is being made
    CREATE TABLE projection_routes (
      name       text PRIMARY KEY,
      serving    integer NOT NULL,
      previous   integer,
      next       integer,
      state      text NOT NULL,
      checked    jsonb,
      updated_at timestamptz NOT NULL DEFAULT now()
    );
  `);
};

/** Going back would lose sight of what was built: there is no way down. */
export const down = false;
