import { paymentStream } from '../../domain/kernel/streams.js';
import { isDead, order } from '../../domain/order/index.js';
import { payment } from '../../domain/payment/index.js';
import { checkOfTheEnd } from '../check.js';

/** Whoever waits for money has asked for it, and whoever does not wait any more has stopped asking. */
export const paymentsAreOpened = checkOfTheEnd(
  'payments-are-opened',
  'every order that waits for its payment has one, and no order that has ended leaves one open',
  function* (world) {
    for (const [where, folded] of world.all(order)) {
      const { state } = folded;
      if (state.status === 'none' || !state.awaited) continue;
      const { paymentId } = state.awaited;
      const its = world.one(payment, paymentStream(paymentId));
      const status = its?.state.status ?? 'none';
      if (state.status === 'awaiting_payment' && status === 'none' && world.atRest(folded)) {
        yield { where, text: `waits for payment ${paymentId}, which was never opened` };
      }
      if (isDead(state) && its && (status === 'opened' || status === 'ready') && world.settled(folded)) {
        if (world.atRest(its))
          yield { where, text: `${state.status}, but its payment ${paymentId} is still ${status}` };
      }
    }
  },
);
