import { mismatchTaskIdOf } from '../../commands/identity.js';
import type { RecordedEvent } from '../../domain/events.js';
import { equals } from '../../domain/kernel/money.js';
import { taskStream } from '../../domain/kernel/streams.js';
import { type ExistingOrder, isDead } from '../../domain/order/index.js';
import { type Payment, waitingMoney } from '../../domain/payment/index.js';
import { task } from '../../domain/task/index.js';
import type { Related } from '../engine/related.js';

/**
 * What a payment said of money that is there, taken or held, and that its order does not know of.
 * @param history reads every event of the payment; asked only where something is not known
 */
export async function uncounted(
  state: Payment,
  its: ExistingOrder,
  history: () => Promise<readonly RecordedEvent[]>,
): Promise<readonly RecordedEvent[]> {
  if (state.status === 'none') return [];
  const counted = new Set(its.applied.map(({ intentId }) => intentId));
  if (state.captures.some(({ intentId }) => !counted.has(intentId))) {
    return (await history()).filter(
      ({ event }) => event.type === 'PaymentCaptured' && !counted.has(event.data.intentId),
    );
  }
  // one that is over, or held, has no use for what is held: whoever looks after that lets go of it, or waits
  const waits = its.status === 'awaiting_payment' && its.authorized === undefined && its.authorizationLost !== true;
  if (state.status !== 'authorized' || !waits) return [];
  return (await history()).filter(({ event }) => event.type === 'PaymentAuthorized');
}

/**
 * What came as another amount than was asked for and that nobody waits for a decision on any more, while it neither counts nor goes
 * back: the decisions by which the order took it, or, of an order that is over, the words that it came.
 * @param histories read every event of the order, or of the payment; asked only where there is such money
 */
export async function leftBehind(
  state: Payment,
  its: ExistingOrder,
  histories: {
    readonly ofOrder: () => Promise<readonly RecordedEvent[]>;
    readonly ofPayment: () => Promise<readonly RecordedEvent[]>;
  },
): Promise<readonly RecordedEvent[]> {
  const waiting = new Set(state.status === 'none' ? [] : waitingMoney(state).map(({ intentId }) => intentId));
  if (waiting.size === 0) return [];
  if (isDead(its)) {
    return (await histories.ofPayment()).filter(
      ({ event }) => event.type === 'ProviderMismatchDetected' && waiting.has(event.data.intentId),
    );
  }
  const accepted = its.acceptedMoney?.filter(({ intentId }) => waiting.has(intentId)) ?? [];
  if (accepted.length === 0) return [];
  return (await histories.ofOrder()).filter(
    ({ event }) =>
      event.type === 'OrderHoldResolved' && event.data.money?.some(({ intentId }) => waiting.has(intentId)) === true,
  );
}

/**
 * What came as another amount than was asked for an order that goes on without it, and that nobody was ever asked to decide on: the
 * words that it came.
 * @param history reads every event of the payment; asked only where there is such money
 */
export async function unasked(
  state: Payment,
  its: ExistingOrder,
  related: Related,
  history: () => Promise<readonly RecordedEvent[]>,
): Promise<readonly RecordedEvent[]> {
  if (state.status === 'none' || state.opening === undefined || isDead(its) || !its.wasConfirmed) return [];
  const { paymentId } = state.opening;
  const found: RecordedEvent[] = [];
  for (const { intentId, actual } of waitingMoney(state)) {
    const known = await related.latest(task, taskStream(mismatchTaskIdOf(paymentId, intentId, actual)));
    if (known.status !== 'none') continue;
    const came = (await history()).find(
      ({ event }) =>
        event.type === 'ProviderMismatchDetected' &&
        event.data.intentId === intentId &&
        equals(event.data.actual, actual),
    );
    if (came) found.push(came);
  }
  return found;
}

/** Who counts on an order the money that a payment told of. */
export const counterOf = ({ event }: RecordedEvent): 'money-held' | 'confirming' =>
  event.type === 'PaymentAuthorized' ? 'money-held' : 'confirming';
