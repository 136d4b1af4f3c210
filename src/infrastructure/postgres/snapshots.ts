import type { Snapshot, Snapshots } from '../../commands/ports/snapshots.js';
import type { Queryable } from '../../subscriptions/ports/database.js';

type Stored = Omit<Snapshot, 'revision'>;

/** Snapshots in the table of that name, the newest of each stream and state version. */
export const postgresSnapshots = (database: Queryable): Snapshots => ({
  load: async (stream, stateVersion) => {
    const { rows } = await database.query<{ revision: number; state: Stored }>(
      'SELECT revision, state FROM snapshots WHERE stream = $1 AND state_version = $2',
      [stream, stateVersion],
    );
    const row = rows[0];
    return row && { ...row.state, revision: row.revision };
  },
  save: async (stream, stateVersion, { revision, ...state }) => {
    await database.query(
      `INSERT INTO snapshots (stream, state_version, revision, state) VALUES ($1, $2, $3, $4)
       ON CONFLICT (stream, state_version) DO UPDATE
         SET revision = excluded.revision, state = excluded.state, taken_at = now()
         WHERE snapshots.revision < excluded.revision`,
      [stream, stateVersion, revision, JSON.stringify(state)],
    );
  },
});
