import type { Clock } from '../../commands/ports/clock.js';
import type { Queryable } from '../../subscriptions/ports/database.js';
import { startWorkLoop, type WorkLoop } from '../../subscriptions/workLoop.js';
import type { Span } from './reconcile.js';

const MINUTE_MS = 60_000;
/** How often each span is looked at. */
export const EVERY_MS: Readonly<Record<Span, number>> = {
  minutes: 2 * MINUTE_MS,
  hour: 60 * MINUTE_MS,
  day: 24 * 60 * MINUTE_MS,
};
const SPANS = Object.keys(EVERY_MS) as readonly Span[];
const IDLE_MS = 10_000;

export interface ScheduleParts {
  readonly database: Queryable;
  readonly clock: Clock;
  readonly reconcile: (span: Span) => Promise<unknown>;
  readonly failed: (error: unknown, span?: Span) => void;
}

/**
 * Reconciles every two minutes, every hour and every day, whoever of several processes comes first: the table
 * `reconciliations` says when each span is due next. A run that fails, or whose process dies, is made up for by the next one.
 */
export function startReconciliation({ database, clock, reconcile, failed }: ScheduleParts): WorkLoop {
  return startWorkLoop<Span>({
    claim: async (limit) => {
      const now = clock.now();
      const claimed: Span[] = [];
      for (const span of SPANS) {
        // what is due and left out is found at the next look, as soon as there is room for it
        if (claimed.length < limit && (await claim(database, span, now))) claimed.push(span);
      }
      return claimed;
    },
    work: async (span) => {
      try {
        await reconcile(span);
      } catch (error) {
        failed(error, span);
      }
    },
    untilNextMs: async () => {
      const { rows } = await database.query<{ next_at: Date }>(
        'SELECT next_at FROM reconciliations ORDER BY next_at LIMIT 1',
      );
      return rows[0] && rows[0].next_at.getTime() - Date.parse(clock.now());
    },
    idleMs: IDLE_MS,
    maxInFlight: 1,
    failed,
  });
}

/** Whether the span is due, and this process is the one to see to it; the first time it is due a whole span from now. */
async function claim(database: Queryable, span: Span, now: string): Promise<boolean> {
  const next = new Date(Date.parse(now) + EVERY_MS[span]).toISOString();
  const { rows } = await database.query<{ due: boolean }>(
    `INSERT INTO reconciliations AS known (span, next_at, last_at) VALUES ($1, $2, NULL)
     ON CONFLICT (span) DO UPDATE SET next_at = $2, last_at = $3 WHERE known.next_at <= $3
     RETURNING last_at IS NOT NULL AS due`,
    [span, next, now],
  );
  return rows[0]?.due ?? false;
}
