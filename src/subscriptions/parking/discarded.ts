import type { StreamName } from '../../domain/kernel/streams.js';
import type { Queryable } from '../ports/database.js';

/** An event that a process, or the publisher, never handled, because an operator discarded it. */
export interface DiscardedEvent {
  readonly runner: string;
  /** Of the event in the log, decimal. */
  readonly position: string;
  readonly stream: StreamName;
  readonly revision: number;
  readonly type: string;
  /** RFC 3339, UTC. */
  readonly discardedAt: string;
}

/** What operators discarded and nobody has looked at since. Every method throws DatabaseUnavailable. */
export interface Discards {
  /**
   * Those that were discarded before then (RFC 3339), the oldest event first, at most a few hundred; without those of a stream of
   * which their runner still holds something back: whoever sees to that is not done.
   */
  waiting(before: string): Promise<readonly DiscardedEvent[]>;
  /** It was made up for, or is somebody's task. */
  settled(event: Pick<DiscardedEvent, 'runner' | 'position'>): Promise<void>;
}

const MOST = 500;

interface Row extends Omit<DiscardedEvent, 'discardedAt'> {
  readonly discarded_at: Date;
}

export const discardedEvents = (database: Queryable): Discards => ({
  waiting: async (before) => {
    const { rows } = await database.query<Row>(
      `SELECT runner, position, stream, revision, event_type AS type, discarded_at
         FROM discarded
        WHERE discarded_at < $1
          AND NOT EXISTS (SELECT FROM parked WHERE parked.runner = discarded.runner AND parked.stream = discarded.stream)
        ORDER BY position LIMIT ${MOST}`,
      [before],
    );
    return rows.map(({ discarded_at, ...row }) => ({ ...row, discardedAt: discarded_at.toISOString() }));
  },
  settled: async ({ runner, position }) => {
    await database.query('DELETE FROM discarded WHERE runner = $1 AND position = $2::numeric', [runner, position]);
  },
});
