import type { Counted } from './feed/feedReader.js';
import type { Queryable } from './ports/database.js';

/** How far a runner is behind the log, whichever process runs it. */
export interface RunnerLag {
  readonly name: string;
  /** Everything up to here is handled; null: nothing yet. */
  readonly position: bigint | null;
  /** The process that runs it (host and process id); null: nobody does at this moment. */
  readonly owner: string | null;
  /** Whole milliseconds since it had handled everything; it says so once a second, so up to 1,000 mean nothing is missing. Null: never. */
  readonly lagMs: number | null;
  /** How many events wait for it; null: more than this process remembers. */
  readonly lagEvents: number | null;
  /** Where not all of them can be counted: at least so many wait, if any are known of. */
  readonly lagEventsAtLeast: number | null;
}

/** Stands between the name of a read model and the number of a build, in the name of the runner that makes the build. */
export const BUILD_SIGN = '#';

interface Row {
  readonly name: string;
  readonly position: string | null;
  readonly owner: string | null;
  readonly lag_ms: number | null;
}

/**
 * Measures every runner of the installation by its checkpoint. Builds of read models that do not serve have checkpoints, too:
 * nobody waits for those, and their state is told with the read models.
 *
 * @param countAfter how many events the log has after a position: all, or those that are remembered
 * @throws DatabaseUnavailable
 */
export async function measureLag(
  database: Queryable,
  countAfter: (position: bigint | null) => Counted,
): Promise<readonly RunnerLag[]> {
  const { rows } = await database.query<Row>(
    `SELECT name, position, CASE WHEN lease_until >= now() THEN owner END AS owner,
            greatest(0, floor(extract(epoch FROM now() - as_of) * 1000))::float8 AS lag_ms
       FROM checkpoints WHERE position($1 IN name) = 0 ORDER BY name`,
    [BUILD_SIGN],
  );
  return rows.map((row) => {
    const position = row.position === null ? null : BigInt(row.position);
    const { events, all } = countAfter(position);
    return {
      name: row.name,
      position,
      owner: row.owner,
      lagMs: row.lag_ms,
      lagEvents: all ? events : null,
      lagEventsAtLeast: all || events === 0 ? null : events,
    };
  });
}
