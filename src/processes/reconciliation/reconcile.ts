import { derivedCommandId, taskIdOf } from '../../commands/identity.js';
import type { Clock } from '../../commands/ports/clock.js';
import { TryAgainLater } from '../engine/faults.js';
import type { Engine } from '../engine/engine.js';
import type { Related } from '../engine/related.js';
import { type CommandStep, toPayment, toTask } from '../engine/step.js';
import type { Discards } from '../../subscriptions/parking/discarded.js';
import { isSystemFault } from '../../subscriptions/systemFault.js';
import type { History } from '../ports/history.js';
import type { Leftovers } from '../ports/leftovers.js';
import type { ProviderBooks } from '../ports/providerBooks.js';
import { addMilliseconds } from '../time.js';
import { deadOrderFindings } from './deadOrders.js';
import { discardedFindings } from './discardedEvents.js';
import type { Finding, HeardAgain } from './finding.js';
import { reservationFindings, webhookFindings } from './leftoverFindings.js';
import { moneyFindings, refundFindings } from './money.js';
import { owedFindings } from './owedRefunds.js';
import { unfinishedFindings } from './unfinishedOrders.js';
import { unopenedFindings } from './unopenedPayments.js';
import { amendmentFindings } from './waitingAmendments.js';

export interface ReconciliationParts {
  readonly books: ProviderBooks;
  readonly leftovers: Leftovers;
  readonly related: Related;
  readonly history: History;
  readonly discards: Discards;
}

/** How far a reconciliation looks: the short one for what was lost just now, the long ones for what comes late. */
export type Span = 'minutes' | 'hour' | 'day';
const MINUTE_MS = 60_000;
/** For so long a process may say that it waits for something, before that is somebody's task. */
const WAITS_MS = 24 * 60 * MINUTE_MS;
/** From when on, in milliseconds before now: a session lives for a day at most, a bank may take a week. */
const BACK_MS: Readonly<Record<Span, number>> = {
  minutes: 45 * MINUTE_MS,
  hour: 25 * 60 * MINUTE_MS,
  day: 8 * 24 * 60 * MINUTE_MS,
};

/**
 * Everything that does not agree. Changes nothing.
 */
export async function* findings(parts: ReconciliationParts, span: Span, now: string): AsyncIterable<Finding> {
  yield* moneyFindings(parts, now, addMilliseconds(now, -BACK_MS[span]));
  yield* refundFindings(parts.books, parts.leftovers, parts.related, now);
  yield* owedFindings(parts, now);
  yield* amendmentFindings(parts, now);
  yield* unopenedFindings(parts, now);
  yield* unfinishedFindings(parts, now, span !== 'minutes');
  yield* deadOrderFindings(parts, now, span !== 'minutes');
  yield* webhookFindings(parts.leftovers, now);
  if (span !== 'minutes') yield* reservationFindings(parts.leftovers, parts.related);
  // last, for the others say more exactly what is missing
  yield* discardedFindings(parts, now);
}

export interface Reconciled {
  readonly mended: number;
  readonly opened: number;
}

/**
 * Looks for what does not agree, and mends it by the command that should have come, or opens a task for it: once, however
 * often it is found. What is found is dealt with one after the other; a system fault ends the run, and the next one begins anew.
 */
export async function reconcile(
  parts: ReconciliationParts & {
    readonly engine: Engine;
    readonly clock: Clock;
    readonly tenant: string;
    /** Lets a process work an event, as if it heard of it for the first time. */
    readonly hear: (again: HeardAgain) => Promise<void>;
  },
  span: Span,
): Promise<Reconciled> {
  const { engine, clock, tenant } = parts;
  const now = clock.now();
  let mended = 0;
  let opened = 0;
  for await (const finding of findings(parts, span, now)) {
    const { key, about, text, discarded } = finding;
    const heard = finding.isFoundOtherwise ? 'otherwise' : await worked(parts.hear, finding, now);
    if (heard === 'later') continue;
    if (heard === 'worked') mended += 1;
    if (heard !== 'not worked') {
      if (discarded) await parts.discards.settled(discarded);
      continue;
    }
    const mend = finding.mend ?? (await made(parts.books, finding));
    const taskId = taskIdOf('reconciliation', key);
    const open = toTask(taskId, 'open', {
      type: 'OpenTask',
      task: { taskId, kind: 'reconciliation', about, text: text.slice(0, 2_000), openedAt: now },
    });
    // a task that an earlier run opened, when the provider did not answer
    const close = toTask(taskId, 'close', { type: 'CompleteTask', by: 'system', at: now });
    await engine.run({
      process: 'reconciliation',
      cause: {
        // mended in another run it is another command: what was refused then may be right now
        id: derivedCommandId('reconciliation', key, now, open.stream),
        origin: { correlationId: about.orderId ?? key, causationId: key, tenant },
      },
      first: [mend ?? open],
      next: (outcomes) => {
        if (!mend || outcomes.length > 1) return [];
        if (outcomes[0]?.result === 'refused') return [open];
        return finding.refund ? [close] : [];
      },
    });
    if (discarded) await parts.discards.settled(discarded);
    if (mend) mended += 1;
    else opened += 1;
  }
  return { mended, opened };
}

/**
 * Whether the process could work it, and that put it right; what it cannot work is somebody's task. What waits for something is looked
 * at again in the next run, as it is by the process itself, and keeps nothing else from being mended.
 */
async function worked(
  hear: (again: HeardAgain) => Promise<void>,
  { again, isStill, discarded }: Pick<Finding, 'again' | 'isStill' | 'discarded'>,
  now: string,
): Promise<'worked' | 'not worked' | 'later'> {
  if (again === undefined) return 'not worked';
  try {
    const { process, recorded, then = [] } = again;
    for (const each of [recorded, ...then]) await hear({ process, recorded: each });
    return (await isStill?.()) ? 'not worked' : 'worked';
  } catch (error) {
    if (error instanceof TryAgainLater) {
      const since = discarded?.discardedAt ?? again.recorded.meta.at;
      return since >= addMilliseconds(now, -WAITS_MS) ? 'later' : 'not worked';
    }
    if (isSystemFault(error)) throw error;
    return 'not worked';
  }
}

/** How a refund stands that is made now; undefined where the provider does not say, which is somebody's task then. */
async function made(books: ProviderBooks, { refund }: Finding): Promise<CommandStep | undefined> {
  if (refund === undefined) return undefined;
  try {
    const { paymentId, ...told } = await books.makeRefund(refund);
    return toPayment(paymentId, `refund ${refund.refundId}`, { type: 'RecordRefundState', ...told });
  } catch {
    return undefined;
  }
}
