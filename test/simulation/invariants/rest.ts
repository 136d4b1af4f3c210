import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import type { Workload } from '../workload/workload.js';
import type { Installation } from '../world/installation.js';

export const OVER: ReadonlySet<string> = new Set(['rejected', 'expired', 'cancelled', 'completed']);

/** What is still to be done; undefined when everything is at rest. */
export function restOf(installation: Installation, workload: Workload): string | undefined {
  const { histories, broker, webhooks, faults, log, database } = installation;
  if (!faults.healed) return 'faults go on';
  if (!workload.begun || workload.busy > 0) return `${workload.busy} people are busy`;
  for (const [stream, order] of histories.newest('order')) {
    const { status } = order;
    if (!OVER.has(status)) return `${stream} is ${status}`;
    if (order.status !== 'none' && order.refunded.amount < order.refundDue.amount)
      return `${stream} waits for its refund`;
  }
  if (broker.waiting > 0) return `${broker.waiting} messages wait`;
  if (webhooks.pending > 0) return `${webhooks.pending} webhooks are on their way`;
  if (database.committed('webhook_inbox').some((row) => row.processed_at === null)) return 'webhooks wait in the inbox';
  const isOver = (id: unknown): boolean =>
    OVER.has(histories.newestOf('order', orderStream(id as OrderId))?.status ?? 'none');
  const timer = database
    .committed('timers')
    // the next look at a payment that was being processed finds an order that is over, in an hour
    .find(
      ({ fired_at, cancelled, process, correlation }) =>
        fired_at === null && cancelled === false && !(process === 'payment-deadline' && isOver(correlation)),
    );
  if (timer) return `the timer ${String(timer.id)} waits`;
  const { head } = log;
  for (const { name, position } of database.committed('checkpoints')) {
    if (head !== null && (position === null || (position as bigint) < head)) return `${String(name)} lags behind`;
  }
  return undefined;
}
