import type { RecordedEvent } from '../../domain/events.js';
import type { ExistingOrder } from '../../domain/order/index.js';
import type { Payment } from '../../domain/payment/index.js';

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

/** Who counts on an order the money that a payment told of. */
export const counterOf = ({ event }: RecordedEvent): 'money-held' | 'confirming' =>
  event.type === 'PaymentAuthorized' ? 'money-held' : 'confirming';
