import type { OrderId } from '../../domain/kernel/ids.js';
import { orderStream, paymentStream } from '../../domain/kernel/streams.js';
import { type ExistingOrder, order } from '../../domain/order/index.js';
import { type ExistingPayment, hasGone, neverCounted, payment } from '../../domain/payment/index.js';
import { checkOfTheEnd } from '../check.js';
import type { World } from '../world.js';

const orderOf = ({ opening, captures }: ExistingPayment): OrderId | undefined =>
  opening?.orderId ?? captures[0]?.orderId;

/** What went back from a payment: by our wish, or by somebody's hand at the provider. Money that never counted is not missed. */
const goneBack = (state: ExistingPayment): ReadonlyMap<string, number> =>
  new Map([
    ...countedRefunds(state)
      .filter((one) => one.state === 'succeeded')
      .map(({ refundId, amount }) => [refundId, amount.amount] as const),
    ...state.foreignRefunds
      .filter((one) => hasGone(one) && !neverCounted(state, one.intentId))
      .map(({ providerRefundId, amount }) => [providerRefundId, amount.amount] as const),
  ]);

const countedRefunds = (state: ExistingPayment): ExistingPayment['refunds'] =>
  state.refunds.filter(({ intentId }) => !neverCounted(state, intentId));

/** Money that went back is counted on its order once, whoever sent it, and what an order counts has gone. */
export const refundsAreCounted = checkOfTheEnd(
  'refunds-are-counted',
  'every refund that ended is known to its order, and what an order counts as gone back has gone back',
  function* (world) {
    for (const [where, folded] of world.all(payment)) {
      const { state } = folded;
      const orderId = state.status === 'none' ? undefined : orderOf(state);
      if (state.status === 'none' || orderId === undefined || !world.settled(folded)) continue;
      const its = world.one(order, orderStream(orderId))?.state;
      if (!its || its.status === 'none') continue;
      const outcomes = new Map(its.settledRefunds.map(({ refundId, outcome }) => [refundId, outcome]));
      const gone = goneBack(state);
      for (const [refundId, amount] of gone) {
        if (outcomes.get(refundId) === 'succeeded') continue;
        yield { where, text: `${amount} of refund ${refundId} went back, and order ${orderId} does not count it` };
      }
      for (const { refundId, state: ended } of countedRefunds(state)) {
        if ((ended !== 'failed' && ended !== 'rejected') || outcomes.get(refundId) === 'failed') continue;
        yield { where, text: `refund ${refundId} ${ended}, and order ${orderId} does not know it` };
      }
    }
    for (const [where, { state }] of world.all(order)) {
      if (state.status !== 'none') yield* countedRightly(world, where, state);
    }
  },
);

function* countedRightly(world: World, where: string, { applied, settledRefunds, refunded }: ExistingOrder) {
  const gone = new Map<string, number>();
  for (const paymentId of new Set(applied.map((one) => one.paymentId))) {
    const its = world.one(payment, paymentStream(paymentId))?.state;
    if (its && its.status !== 'none') for (const [id, amount] of goneBack(its)) gone.set(id, amount);
  }
  let sum = 0;
  for (const { refundId, outcome } of settledRefunds) {
    if (outcome !== 'succeeded') continue;
    const amount = gone.get(refundId);
    if (amount === undefined) yield { where, text: `counts refund ${refundId}, which never went back` };
    sum += amount ?? 0;
  }
  if (sum !== refunded.amount) {
    yield { where, text: 'counts another amount than went back', expected: sum, found: refunded.amount };
  }
}
