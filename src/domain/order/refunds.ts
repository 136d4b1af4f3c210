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
        return {
          ...order,
          ...failed,
          refundDue: plus(order.refundDue, -Math.min(known.raised, order.refundDue.amount)),
        };
      }
      const given = data.reason !== undefined && isGoodwill(data.reason) ? amount : 0;
      return {
        ...order,
        ...failed,
        refundDue: plus(order.refundDue, -Math.min(amount, order.refundDue.amount)),
        goodwill: plus(order.goodwill, -Math.min(given, order.goodwill.amount)),
        ...repaidBy(order, -Math.min(amount - given, order.repaid?.amount ?? 0)),
      };
    }
  }
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
