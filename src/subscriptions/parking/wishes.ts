import { askedTogether } from '../askedTogether.js';
import { advance, type Lease } from '../checkpoints.js';
import { type FeedItem, feedItem } from '../feed/feedItem.js';
import type { Database, Queryable } from '../ports/database.js';
import type { StreamReader } from '../ports/streamReader.js';
import { linkedWith, type Ordered } from './parkedEvents.js';

/** A parked event that somebody asked something of. */
export interface Wish extends Ordered {
  /** Of the event in the log, decimal. */
  readonly position: string;
  readonly revision: number;
  readonly asked: 'retry' | 'discard';
}

/** The operator's wishes about one runner's parked events, for the runner's owner. */
export interface Wishes {
  /** In order, one list for what must be handled in one order. */
  groups(): Promise<readonly (readonly Wish[])[]>;
  /** Wishes a retry also of what was parked behind these events meanwhile. */
  extend(replayed: readonly Ordered[]): Promise<void>;
  /** Removes events that are done, in the transaction that did them. Throws LeaseLost. */
  fulfil(transaction: Queryable, lease: Lease, wishes: readonly Wish[]): Promise<void>;
  /** Removes an event that is to be dropped, and writes down that it was: something may have to be made up for. Throws LeaseLost. */
  discard(transaction: Queryable, lease: Lease, wish: Wish): Promise<void>;
  /** An event failed again: its reason is written down, and nothing more is retried of what hangs together with it. */
  refuse(lease: Lease, failed: Wish, reason: string, group: readonly Wish[]): Promise<void>;
  /** The events themselves, from their streams, by position. */
  read(wishes: readonly Wish[]): Promise<ReadonlyMap<string, FeedItem>>;
}

/** Whether there are any about a runner; the runners of a process ask together. */
export const wishesWaiting = (database: Queryable): ((runner: string) => Promise<boolean>) =>
  askedTogether(async (runners) => {
    const { rows } = await database.query<{ readonly runner: string }>(
      'SELECT DISTINCT runner FROM parked WHERE runner = ANY ($1) AND asked IS NOT NULL',
      [runners],
    );
    return new Set(rows.map(({ runner }) => runner));
  });

export const wishesOf = (runner: string, database: Database, reader: StreamReader): Wishes => ({
  groups: async () => {
    const { rows } = await database.query<Wish>(
      'SELECT position, stream, revision, key, asked FROM parked WHERE runner = $1 AND asked IS NOT NULL ORDER BY position',
      [runner],
    );
    const groups: Wish[][] = [];
    for (let left: readonly Wish[] = rows; left[0];) {
      const linked = linkedWith(left, [left[0]]);
      groups.push(left.filter(linked));
      left = left.filter((wish) => !linked(wish));
    }
    return groups;
  },

  extend: async (replayed) => {
    if (replayed.length === 0) return;
    await database.query(
      `UPDATE parked SET asked = 'retry'
       WHERE runner = $1 AND asked IS NULL AND (stream = ANY ($2) OR key = ANY ($3))`,
      [
        runner,
        [...new Set(replayed.map(({ stream }) => stream))],
        [...new Set(replayed.flatMap(({ key }) => key ?? []))],
      ],
    );
  },

  fulfil: removedBy(runner),

  discard: async (transaction, lease, wish) => {
    await transaction.query(
      `INSERT INTO discarded (runner, position, stream, revision, event_type)
       SELECT runner, position, stream, revision, event_type FROM parked
        WHERE runner = $1 AND position = $2::numeric ON CONFLICT DO NOTHING`,
      [runner, wish.position],
    );
    await removedBy(runner)(transaction, lease, [wish]);
  },

  refuse: async (lease, failed, reason, group) => {
    await database.transaction(async (transaction) => {
      // what is to be dropped needs nothing of what comes before it
      await transaction.query(
        `UPDATE parked SET asked = NULL WHERE runner = $1 AND position = ANY ($2::numeric[]) AND asked = 'retry'`,
        [runner, group.map(({ position }) => position)],
      );
      await transaction.query(
        'UPDATE parked SET reason = $3, tried_at = now() WHERE runner = $1 AND position = $2::numeric',
        [runner, failed.position, reason],
      );
      await advance(transaction, lease, { position: null });
    });
  },

  read: async (wishes) => {
    const items = new Map<string, FeedItem>();
    const streams = new Map<string, Set<number>>();
    for (const { stream, revision, asked } of wishes) {
      if (asked === 'retry') streams.set(stream, (streams.get(stream) ?? new Set()).add(revision));
    }
    for (const [stream, revisions] of streams) {
      const last = Math.max(...revisions);
      for await (const stored of reader.read(stream, { fromRevision: Math.min(...revisions) })) {
        if (revisions.has(stored.revision)) items.set(String(stored.position), feedItem(stored));
        if (stored.revision >= last) break;
      }
    }
    return items;
  },
});

const removedBy =
  (runner: string): Wishes['fulfil'] =>
  async (transaction, lease, wishes) => {
    await transaction.query('DELETE FROM parked WHERE runner = $1 AND position = ANY ($2::numeric[])', [
      runner,
      wishes.map(({ position }) => position),
    ]);
    await advance(transaction, lease, { position: null });
  };
