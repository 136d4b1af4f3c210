import * as E from 'fp-ts/lib/Either.js';
import type { RecordedEvent } from '../../domain/events.js';
import type { Lease } from '../checkpoints.js';
import type { ProjectionDefinition } from '../contract.js';
import { describeFault, LeaseLost, mayPass } from '../faults.js';
import type { FeedItem } from '../feed/feedItem.js';
import type { Database } from '../ports/database.js';
import type { Wish, Wishes } from './wishes.js';

export interface ProjectionReplay {
  readonly definition: ProjectionDefinition;
  readonly database: Database;
  readonly wishes: Wishes;
  readonly lease: Lease;
  readonly batchSize: number;
  /** Tries again what may pass. */
  readonly retried: <T>(work: () => Promise<T>) => Promise<T>;
  /** Hears of every batch that was committed. */
  readonly committed: (events: readonly RecordedEvent[]) => void;
  readonly failed: (wish: Wish, reason: string) => void;
}

/**
 * Does what operators asked of a projection's parked events: rows and the end of parking are one transaction, fenced by the
 * lease. The caller commits nothing else meanwhile, and then asks anew what is held back.
 */
export async function replayProjection(replay: ProjectionReplay): Promise<void> {
  for (const group of await replay.retried(() => replay.wishes.groups())) {
    for (let begin = 0; begin < group.length; begin += replay.batchSize) {
      const batch = group.slice(begin, begin + replay.batchSize);
      const items = await replay.retried(() => replay.wishes.read(batch));
      if (!(await settle(replay, batch, items, group.slice(begin)))) break;
    }
  }
}

/** Commits a batch, or as much of it as goes before the first event that fails; false when one did. */
async function settle(
  replay: ProjectionReplay,
  batch: readonly Wish[],
  items: ReadonlyMap<string, FeedItem>,
  rest: readonly Wish[],
): Promise<boolean> {
  try {
    const events = batch.filter(({ asked }) => asked === 'retry').map((wish) => eventOf(wish, items));
    await replay.retried(async () => {
      if (events.length > 0) await replay.definition.prepare?.(events);
      await replay.database.transaction(async (transaction) => {
        if (events.length > 0) await replay.definition.project(events, transaction);
        await replay.wishes.fulfil(transaction, replay.lease, batch);
      });
    });
    if (events.length > 0) replay.committed(events);
    return true;
  } catch (error) {
    if (error instanceof LeaseLost || mayPass(error)) throw error;
    const [only] = batch;
    if (only && batch.length === 1) {
      const reason = describeFault(error);
      await replay.retried(() => replay.wishes.refuse(replay.lease, only, reason, rest));
      replay.failed(only, reason);
      return false;
    }
    const middle = Math.ceil(batch.length / 2);
    if (!(await settle(replay, batch.slice(0, middle), items, rest))) return false;
    return await settle(replay, batch.slice(middle), items, rest.slice(middle));
  }
}

/** @throws Error when the event is gone or cannot be decoded */
export function eventOf({ stream, revision, position }: Wish, items: ReadonlyMap<string, FeedItem>): RecordedEvent {
  const decoded = items.get(position)?.decoded;
  if (!decoded) throw new Error(`${stream} has no event ${revision} at ${position} any more`);
  if (E.isLeft(decoded)) throw new Error(decoded.left.reason);
  return decoded.right;
}
