import type { EventFeed } from '../subscriptions/ports/eventFeed.js';
import type { Queryable } from '../subscriptions/ports/database.js';
import { StartupError } from './startupError.js';

/**
 * Sees to it that the database follows this log and no other: somebody may have emptied the event store, or switched one of
 * the two to another server. Runners that believe themselves further than the log goes would wait for ever, in silence.
 * @throws StartupError when something in the database has come further than the log goes
 */
export async function requireSameLog(
  feed: EventFeed,
  database: Queryable,
  names: { readonly store: string; readonly database: string },
): Promise<void> {
  // the checkpoints first: what is appended in between only moves the head
  const { rows } = await database.query<{ readonly furthest: string | null }>(
    'SELECT max(position) AS furthest FROM checkpoints',
  );
  const furthest = rows[0]?.furthest ?? null;
  if (furthest === null) return;
  const head = await feed.head();
  if (head !== null && BigInt(furthest) <= head) return;
  throw new StartupError(
    `EVENTSTORE_URL, POSTGRES_URL, COMANDA_DATA: the database (${names.database}) was filled from another event store than this one (${names.store}), which ends before it: go back to that store, or give this one an empty database`,
  );
}
