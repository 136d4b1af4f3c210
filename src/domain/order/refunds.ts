import type { OrderEvent } from './events.js';
import type { ExistingOrder } from './state.js';

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
      const unasked = data.foreign === true || outcomeOf(order, data.refundId) === 'failed';
      const due = unasked ? Math.min(order.captured.amount, order.refundDue.amount + amount) : order.refundDue.amount;
      return {
        ...order,
        refundDue: { ...order.refundDue, amount: due },
        refunded: plus(order.refunded, amount),
        settledRefunds: settled(order, data.refundId, 'succeeded'),
      };
    }
    case 'RefundFailedNoted': {
      const undone = outcomeOf(order, data.refundId) === 'succeeded' ? amount : 0;
      const given = data.reason !== undefined && isGoodwill(data.reason) ? amount : 0;
      return {
        ...order,
        refundDue: plus(order.refundDue, -Math.min(amount, order.refundDue.amount)),
        refunded: plus(order.refunded, -undone),
        goodwill: plus(order.goodwill, -Math.min(given, order.goodwill.amount)),
        ...repaidBy(order, -Math.min(amount - given, order.repaid?.amount ?? 0)),
        settledRefunds: settled(order, data.refundId, 'failed'),
      };
    }
  }
}

const repaidBy = ({ repaid, refundDue }: ExistingOrder, amount: number): Pick<ExistingOrder, 'repaid'> =>
  amount === 0 ? {} : { repaid: plus(repaid ?? { ...refundDue, amount: 0 }, amount) };

type Settled = ExistingOrder['settledRefunds'][number];

const outcomeOf = (order: ExistingOrder, refundId: string): Settled['outcome'] | undefined =>
  order.settledRefunds.find((one) => one.refundId === refundId)?.outcome;

const settled = (order: ExistingOrder, refundId: string, outcome: Settled['outcome']): readonly Settled[] => [
  ...order.settledRefunds.filter((one) => one.refundId !== refundId),
  { refundId, outcome },
];

const isGoodwill = (reason: string): boolean => reason === 'goodwill' || reason === 'return';

const plus = (sum: ExistingOrder['captured'], amount: number): ExistingOrder['captured'] => ({
  ...sum,
  amount: sum.amount + amount,
});
