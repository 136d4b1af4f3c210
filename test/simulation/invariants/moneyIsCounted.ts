import { owedFor } from '../../../src/domain/order/sums.js';
import type { Installation } from '../world/installation.js';
import type { Invariant } from './invariant.js';
import { Violation } from './violation.js';

/** At rest every capture and refund is counted on its order, once, and what it took beyond what was delivered has gone back. */
export function moneyIsCounted(): Invariant {
  const name = 'money that was taken is counted on its order, or has gone back';
  return {
    name,
    atRest: ({ histories }: Installation) => {
      const captured = new Map<string, number>();
      const refunded = new Map<string, number>();
      const ordersOf = new Map<string, string>();
      for (const { event, stream: payment } of histories.events) {
        if (event.type === 'PaymentCaptured') {
          const stream = `order-${event.data.orderId}`;
          ordersOf.set(payment, stream);
          captured.set(stream, (captured.get(stream) ?? 0) + event.data.amount.amount);
        } else if (event.type === 'RefundSucceeded') {
          const stream = ordersOf.get(payment) ?? payment;
          refunded.set(stream, (refunded.get(stream) ?? 0) + event.data.amount.amount);
        }
      }
      for (const [stream, order] of histories.newest('order')) {
        if (order.status === 'none') continue;
        const taken = captured.get(stream) ?? 0;
        if (order.captured.amount !== taken) {
          throw new Violation(name, `${stream} counts ${order.captured.amount}, its payments captured ${taken}`);
        }
        const gone = refunded.get(stream) ?? 0;
        if (order.refunded.amount !== gone) {
          throw new Violation(
            name,
            `${stream} counts ${order.refunded.amount} refunded, its payments gave back ${gone}`,
          );
        }
        if (order.refundDue.amount !== gone) {
          throw new Violation(name, `${stream} owes back ${order.refundDue.amount} and gave back ${gone}`);
        }
        // of an order that was carried out only what was delivered is kept
        const kept = order.status === 'completed' ? owedFor(order).amount : 0;
        if (taken - gone > kept) {
          throw new Violation(name, `${stream} is ${order.status}, took ${taken}, gave back ${gone}, may keep ${kept}`);
        }
      }
    },
  };
}
