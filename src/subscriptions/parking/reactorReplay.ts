import type { RecordedEvent } from '../../domain/events.js';
import type { Lease } from '../checkpoints.js';
import { describeFault } from '../faults.js';
import { pause } from '../wait.js';
import type { Database } from '../ports/database.js';
import { eventOf } from './projectionReplay.js';
import type { Wish, Wishes } from './wishes.js';

export interface ReactorReplay {
  readonly database: Database;
  readonly wishes: Wishes;
  readonly lease: Lease;
  readonly signal: AbortSignal;
  /** Handles one event, trying again what may pass; rejects with the event's own fault, or when the term is over. */
  readonly react: (event: RecordedEvent) => Promise<void>;
  readonly retried: <T>(work: () => Promise<T>) => Promise<T>;
  readonly failed: (wish: Wish, reason: string) => void;
  /** How many events the runner has begun to park, and whether none is just being parked. */
  readonly parking: () => { readonly begun: number; readonly atRest: boolean };
  /** Loads what is held back, and begins to go by it unless the runner parked something since `begun`; says whether it did. */
  readonly release: (begun: number) => Promise<boolean>;
}

const A_MOMENT_MS = 20;

/**
 * Does what operators asked of a reactor's parked events, while the reactor goes on: what comes meanwhile for the same streams
 * and keys is parked behind and replayed too, until none is left and the reactor may handle them itself again.
 */
export async function replayReactor(replay: ReactorReplay): Promise<void> {
  const { wishes, retried, signal } = replay;
  let replayed: readonly Wish[] = [];
  while (!signal.aborted) {
    const { begun, atRest } = replay.parking();
    if (!atRest) {
      await pause(A_MOMENT_MS, signal);
      continue;
    }
    const behind = replayed;
    await retried(() => wishes.extend(behind));
    const groups = await retried(() => wishes.groups());
    if (groups.length === 0) {
      if (await retried(() => replay.release(begun))) return;
      continue;
    }
    const done = await Promise.all(groups.map((group) => replayGroup(replay, group)));
    replayed = [...replayed, ...groups.filter((_, index) => done[index]).flatMap((group) => onlyRetried(group))];
  }
}

const onlyRetried = (group: readonly Wish[]): readonly Wish[] => group.filter(({ asked }) => asked === 'retry');

/** One after the other until one fails; says whether none did. */
async function replayGroup(replay: ReactorReplay, group: readonly Wish[]): Promise<boolean> {
  const { wishes, database, lease, retried } = replay;
  const items = await retried(() => wishes.read(group));
  for (const [index, wish] of group.entries()) {
    try {
      if (wish.asked === 'retry') await replay.react(eventOf(wish, items));
    } catch (error) {
      if (replay.signal.aborted) throw error;
      const reason = describeFault(error);
      await retried(() => wishes.refuse(lease, wish, reason, group.slice(index)));
      replay.failed(wish, reason);
      return false;
    }
    await retried(() =>
      database.transaction((transaction) =>
        wish.asked === 'discard' ? wishes.discard(transaction, lease, wish) : wishes.fulfil(transaction, lease, [wish]),
      ),
    );
  }
  return true;
}
