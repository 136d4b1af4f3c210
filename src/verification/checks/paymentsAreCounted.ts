import type { OrderId } from '../../domain/kernel/ids.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { order } from '../../domain/order/index.js';
import { type ExistingPayment, payment } from '../../domain/payment/index.js';
import { checkOfTheEnd } from '../check.js';

/** Which order a payment is for; undefined: it was closed before it was opened, and took nothing. */
const orderOf = ({ opening, captures }: ExistingPayment): OrderId | undefined =>
  opening?.orderId ?? captures[0]?.orderId;

/** Money that the provider took is counted on its order once, and what an order counts was taken. */
export const paymentsAreCounted = checkOfTheEnd(
  'payments-are-counted',
  'every captured amount is counted on its order exactly once, and nothing else is',
  function* (world) {
    for (const [where, folded] of world.all(payment)) {
      const { state } = folded;
      if (state.status === 'none') continue;
      const orderId = orderOf(state);
      if (orderId === undefined) continue;
      const its = world.one(order, orderStream(orderId))?.state;
      if (!its || its.status === 'none') {
        yield { where, text: `is for order ${orderId}, which does not exist` };
        continue;
      }
      for (const { intentId, amount } of state.captures) {
        const counted = its.applied.filter((one) => `payment-${one.paymentId}` === where && one.intentId === intentId);
        if (counted.length > 1) {
          yield { where, text: `${intentId} is counted ${counted.length} times on order ${orderId}` };
        } else if (counted.length === 0 && world.settled(folded)) {
          yield {
            where,
            text: `${amount.amount} ${amount.currency} of ${intentId} are not counted on order ${orderId}`,
          };
        }
      }
    }

    for (const [where, { state }] of world.all(order)) {
      if (state.status === 'none') continue;
      let captured = 0;
      for (const { paymentId, intentId } of state.applied) {
        const its = world.one(payment, `payment-${paymentId}`)?.state;
        const capture =
          its && its.status !== 'none' ? its.captures.find((one) => one.intentId === intentId) : undefined;
        if (capture) captured += capture.amount.amount;
        else yield { where, text: `counts ${intentId} of ${paymentId}, which was never captured` };
      }
      if (captured !== state.captured.amount) {
        yield {
          where,
          text: 'counts another amount than its payments captured',
          expected: captured,
          found: state.captured.amount,
        };
      }
    }
  },
);
