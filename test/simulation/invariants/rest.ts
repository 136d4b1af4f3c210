import { paymentStream } from '../../../src/domain/kernel/streams.js';
import type { ExistingOrder } from '../../../src/domain/order/index.js';
import type { Workload } from '../workload/workload.js';
import type { Installation } from '../world/installation.js';

export const OVER: ReadonlySet<string> = new Set(['rejected', 'expired', 'cancelled', 'completed']);

/** What is still to be done, whether or not faults go on; undefined when everything is at rest. */
export function restOf(installation: Installation, workload: Workload): string | undefined {
  const { histories, broker, webhooks, log, database, processes } = installation;
  if (!workload.begun || workload.busy > 0) return `${workload.busy} people are busy`;
  if (broker.waiting > 0) return `${broker.waiting} messages wait`;
  if (webhooks.pending > 0) return `${webhooks.pending} webhooks are on their way`;
  const timers = database.committed('timers').filter((row) => row.fired_at === null && row.cancelled === false);
  /** Orders that the next hourly look at a slow payment finds over, or ends. */
  const inAnHour = new Set<unknown>();
  for (const [stream, order] of histories.newest('order')) {
    if (order.status === 'none') continue;
    const { orderId } = order.details;
    const looks = timers.some(({ process, correlation }) => process === 'payment-deadline' && correlation === orderId);
    if (looks && (OVER.has(order.status) || awaitsWhatFailed(order, installation))) inAnHour.add(orderId);
    else if (!OVER.has(order.status)) return `${stream} is ${order.status}`;
    if (order.refunded.amount < order.refundDue.amount) return `${stream} waits for its refund`;
  }
  if (database.committed('webhook_inbox').some((row) => row.processed_at === null)) return 'webhooks wait in the inbox';
  const timer = timers.find(
    ({ process, correlation }) => !(process === 'payment-deadline' && inAnHour.has(correlation)),
  );
  if (timer) return `the timer ${String(timer.id)} waits`;
  const { head } = log;
  const positions = new Map(database.committed('checkpoints').map(({ name, position }) => [name, position]));
  for (const { runners, host } of processes) {
    if (runners === undefined) return `${host.name} has not started yet`;
    for (const name of runners) {
      const position = (positions.get(name) ?? null) as bigint | null;
      if (head !== null && (position === null || position < head)) return `${name} lags behind`;
    }
  }
  return undefined;
}

/** Its slow payment failed when the time to pay was over. */
function awaitsWhatFailed({ status, awaited }: ExistingOrder, { histories }: Installation): boolean {
  if (status !== 'awaiting_payment' || !awaited) return false;
  return histories.newestOf('payment', paymentStream(awaited.paymentId))?.status === 'failed';
}
