import type { PaymentId } from '../../domain/kernel/ids.js';
import { paymentStream } from '../../domain/kernel/streams.js';
import { type ExistingOrder, isDead, order } from '../../domain/order/index.js';
import { payment } from '../../domain/payment/index.js';
import { checkOfTheEnd } from '../check.js';
import type { World } from '../world.js';

/** The last payment that a living order asked for besides the first, where it is not paid. */
function unpaidRequest(state: ExistingOrder) {
  const last = isDead(state) ? undefined : state.requested?.at(-1);
  return state.applied.some((one) => one.paymentId === last?.paymentId) ? undefined : last;
}

const isUnopened = (world: World, paymentId: PaymentId): boolean =>
  (world.one(payment, paymentStream(paymentId))?.state.status ?? 'none') === 'none';

/** Whoever waits for money has asked for it, and whoever does not wait any more has stopped asking. */
export const paymentsAreOpened = checkOfTheEnd(
  'payments-are-opened',
  'every order that waits for its payment has one, and no order that has ended leaves one open',
  function* (world) {
    for (const [where, folded] of world.all(order)) {
      const { state } = folded;
      if (state.status === 'none') continue;
      const more = unpaidRequest(state);
      if (more && isUnopened(world, more.paymentId) && world.atRest(folded) && !world.quiet(Date.parse(more.dueAt))) {
        yield { where, text: `asked for payment ${more.paymentId} besides, which was never opened` };
      }
      if (!state.awaited) continue;
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
