import type { OrderId, PaymentId } from '../../../src/domain/kernel/ids.js';
import type { Leftovers } from '../../../src/processes/ports/leftovers.js';
import type { Histories } from '../invariants/histories.js';

/**
 * What the views show of refunds that may have been left behind: every order and payment of which money came or went, for there are few.
 * Of other work nothing is left here, or the run would not come to rest.
 */
export function leftoversOf(histories: Histories): Leftovers {
  const none = () => Promise.resolve([]);
  return {
    unfinishedOrders: none,
    deadOrdersAtWork: none,
    ordersWithoutPage: none,
    timersOf: none,
    paymentsBetween: none,
    amendmentsWaiting: none,
    stockItems: none,
    webhooksWaiting: () => Promise.resolve(0),
    refundsUnderWay: () =>
      Promise.resolve(
        [...histories.newest('payment')]
          .filter(([, state]) => state.status !== 'none' && state.refunds.length > 0)
          .map(([stream]) => stream.slice('payment-'.length) as PaymentId),
      ),
    refundsOwed: () =>
      Promise.resolve(
        [...histories.newest('order')]
          .filter(([, state]) => state.status !== 'none' && state.applied.length > 0)
          .map(([stream]) => stream.slice('order-'.length) as OrderId),
      ),
  };
}
