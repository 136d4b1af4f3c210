import type { OrderEvent } from './events.js';
import type { ExistingOrder, SettledRefund } from './state.js';

/** What was paid for what the order costs, in minor units: not what went back because it was not owed (any more). */
export const paidTowards = ({ captured, repaid }: ExistingOrder): number => captured.amount - (repaid?.amount ?? 0);

type RefundFact = Extract<OrderEvent, { type: 'RefundDue' | 'RefundApplied' | 'RefundFailedNoted' }>;

/**
 * The order's sums after a fact about a refund. No arithmetic of Money here: it throws on another currency, and whatever
 * was stored must fold.
 */
export function evolveRefund(order: ExistingOrder, { type, data }: RefundFact): ExistingOrder {
  const { amount } = data.amount;
  switch (type) {
    case 'RefundDue': {
      const given = isGoodwill(data.reason) ? amount : 0;
      return {
        ...order,
        refundDue: plus(order.refundDue, amount),
        goodwill: plus(order.goodwill, given),
        ...repaidBy(order, amount - given),
        refundKeys: [...order.refundKeys, data.refundKey],
      };
    }
    case 'RefundApplied': {
      // nobody had granted it, or it had failed: it is due by having gone
      const unasked = data.foreign === true || settlementOf(order, data.refundId)?.outcome === 'failed';
      const raised = unasked ? Math.min(amount, order.captured.amount - order.refundDue.amount) : 0;
      return {
        ...order,
        refundDue: plus(order.refundDue, raised),
        refunded: plus(order.refunded, amount),
        settledRefunds: settled(order, {
          refundId: data.refundId,
          outcome: 'succeeded',
          ...(unasked ? { raised } : {}),
          ...(unasked && raised < amount ? { short: amount - raised } : {}),
        }),
      };
    }
    case 'RefundFailedNoted': {
      const known = settlementOf(order, data.refundId);
      const undone = known?.outcome === 'succeeded' ? amount : 0;
      const failed = {
        refunded: plus(order.refunded, -undone),
        settledRefunds: settled(order, { refundId: data.refundId, outcome: 'failed' }),
      };
      // it was due by having gone, and for nothing else
      if (known?.raised !== undefined) {
        return raisedAnew({
          ...order,
          ...failed,
          refundDue: plus(order.refundDue, -Math.min(known.raised, order.refundDue.amount)),
        });
      }
      const given = data.reason !== undefined && isGoodwill(data.reason) ? amount : 0;
      return raisedAnew({
        ...order,
        ...failed,
        refundDue: plus(order.refundDue, -Math.min(amount, order.refundDue.amount)),
        goodwill: plus(order.goodwill, -Math.min(given, order.goodwill.amount)),
        ...repaidBy(order, -Math.min(amount - given, order.repaid?.amount ?? 0)),
      });
    }
  }
}

/**
 * What went without having been granted and found as much due already, or less captured, is due for itself as soon as there is
 * room: another refund failed, or the order hears of its money only now. Else it would count as money that can still be given back.
 */
export function raisedAnew<Its extends ExistingOrder>(order: Its): Its {
  let room = order.captured.amount - order.refundDue.amount;
  if (room <= 0 || order.settledRefunds.every(({ short }) => short === undefined)) return order;
  let more = 0;
  const settledRefunds = order.settledRefunds.map(({ short, ...refund }): SettledRefund => {
    const rise = Math.min(short ?? 0, room);
    room -= rise;
    more += rise;
    const left = (short ?? 0) - rise;
    return {
      ...refund,
      ...(rise > 0 ? { raised: (refund.raised ?? 0) + rise } : {}),
      ...(left > 0 ? { short: left } : {}),
    };
  });
  return { ...order, refundDue: plus(order.refundDue, more), settledRefunds };
}

const repaidBy = ({ repaid, refundDue }: ExistingOrder, amount: number): Pick<ExistingOrder, 'repaid'> =>
  amount === 0 ? {} : { repaid: plus(repaid ?? { ...refundDue, amount: 0 }, amount) };

const settlementOf = (order: ExistingOrder, refundId: string): SettledRefund | undefined =>
  order.settledRefunds.find((one) => one.refundId === refundId);

const settled = (order: ExistingOrder, refund: SettledRefund): readonly SettledRefund[] => [
  ...order.settledRefunds.filter((one) => one.refundId !== refund.refundId),
  refund,
];

const isGoodwill = (reason: string): boolean => reason === 'goodwill' || reason === 'return';

const plus = (sum: ExistingOrder['captured'], amount: number): ExistingOrder['captured'] => ({
  ...sum,
  amount: sum.amount + amount,
});
