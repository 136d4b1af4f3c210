import { paymentStream } from '../domain/kernel/streams.js';
import type { OrderFacts } from '../domain/order/index.js';
import { payment, type Payment } from '../domain/payment/index.js';
import type { Outcome } from './engine/outcome.js';
import type { ProcessManager } from './engine/process.js';
import type { Step } from './engine/step.js';
import { orderAt, release, trackedLines } from './orderLines.js';
import { endPayment } from './paymentEnding.js';

interface State {
  readonly order: OrderFacts;
  /** Undefined: the order ended before it was accepted, so nobody will open a payment. */
  readonly payment: Payment | undefined;
}

/**
 * The end of an order that was called off: its stock is free again at once, then its payment ends, at the provider first. If the payer was
 * faster the money is recorded, and the cancelled order asks for its return.
 */
export const cancellation: ProcessManager<State> = {
  name: 'cancellation',
  wants: (type) => type === 'OrderCancelled' || type === 'OrderRejected',
  key: (event) => event.stream,
  load: async (event, folds, related) => {
    const cancelled = await orderAt(event, folds);
    const { awaited } = cancelled;
    return {
      order: cancelled,
      payment: awaited && (await related.latest(payment, paymentStream(awaited.paymentId))),
    };
  },
  react: ({ event }, state) => {
    // the stock of a rejected order is given back by who asked for it
    if (event.type === 'OrderRejected') return end(state, []);
    const releases = release(state.order.details, trackedLines(state.order.details), 'cancelled');
    return releases.length > 0 ? releases : end(state, []);
  },
  settle: (_event, state, outcomes) => end(state, outcomes),
};

function end({ order, payment: state }: State, outcomes: readonly Outcome[]): readonly Step[] {
  if (state === undefined || order.awaited === undefined) return [];
  const { paymentId } = order.awaited;
  const progress = endPayment(
    { orderId: order.details.orderId, paymentId, why: 'cancelled', withoutProvider: false },
    state,
    outcomes,
  );
  if ('steps' in progress) return progress.steps;
  return progress.result === 'silent'
    ? [{ kind: 'later', reason: 'the provider does not close the session', error: progress.error }]
    : [];
}
