import type { Installation } from '../world/installation.js';
import type { Invariant } from './invariant.js';
import { Violation } from './violation.js';

/** At rest every capture is counted on its order, once, and what an order that is not fulfilled took is due back. */
export function moneyIsCounted(): Invariant {
  const name = 'money that was taken is counted on its order, or due back';
  return {
    name,
    atRest: ({ histories }: Installation) => {
      const captured = new Map<string, number>();
      for (const { event } of histories.events) {
        if (event.type !== 'PaymentCaptured') continue;
        const stream = `order-${event.data.orderId}`;
        captured.set(stream, (captured.get(stream) ?? 0) + event.data.amount.amount);
      }
      for (const [stream, order] of histories.newest('order')) {
        if (order.status === 'none') continue;
        const taken = captured.get(stream) ?? 0;
        if (order.captured.amount !== taken) {
          throw new Violation(name, `${stream} counts ${order.captured.amount}, its payments captured ${taken}`);
        }
        const due = order.status === 'completed' ? taken - order.details.total.amount : taken;
        if (order.refundDue.amount < due) {
          throw new Violation(
            name,
            `${stream} is ${order.status}, took ${taken} and owes back ${order.refundDue.amount}`,
          );
        }
      }
    },
  };
}
