import { add, fraction, type Money } from '../kernel/money.js';
import type { OrderEvent, OrderLine } from './events.js';
import { isDead } from './facets.js';
import { paidTowards } from './refunds.js';
import type { ExistingOrder, LineState } from './state.js';

type RefundDue = Extract<OrderEvent, { type: 'RefundDue' }>;

/**
 * What some units of a line cost, tax included, when `before` of its units were reckoned already. Differences of rounded
 * parts: whatever the steps, all units of a line together cost what the line costs.
 */
export function priceOf(order: ExistingOrder, line: LineState, before: number, qty: number): Money {
  const whole = order.details.taxInclusive ? line.net : add(line.net, line.tax);
  const upTo = (units: number): number => fraction(whole, units, line.qty).amount;
  return { ...whole, amount: upTo(before + qty) - upTo(before) };
}

/** What the order costs without what was cancelled. */
export const owedFor = ({ details, cancelledAmount }: ExistingOrder): Money => ({
  ...details.total,
  amount: details.total.amount - cancelledAmount.amount,
});

/** What nobody has paid yet of what the order costs, in minor units; below 0: what was paid beyond that. */
export function outstanding(order: ExistingOrder): number {
  // what is held is not there yet, and is on its way
  const held = order.captured.amount > 0 ? 0 : (order.authorized?.amount ?? 0);
  return owedFor(order).amount - paidTowards(order) - held;
}

/** What a line costs, tax included, in minor units. */
export const costOfLine = ({ taxInclusive }: ExistingOrder['details'], { net, tax }: OrderLine): number =>
  taxInclusive ? net.amount : net.amount + tax.amount;

/** What is paid and not on its way back: the most that can be given back, in minor units. */
export const refundable = ({ captured, refundDue }: ExistingOrder): number => captured.amount - refundDue.amount;

/**
 * What was paid beyond what the order costs now, in minor units. Favours count as money that the house let go; where they were
 * greater than what is left to pay for, there is nothing left to pay for, and no more can go back than came.
 */
function excess(order: ExistingOrder): number {
  if (isDead(order)) return refundable(order);
  return refundable(order) - Math.max(0, owedFor(order).amount - order.goodwill.amount);
}

/**
 * The refund of what an order was paid too much, of at most `limit` minor units: what a decision causes it gives back, and
 * not what failed to go back before. Without approval: the money is the customer's.
 */
export function refundOfExcess(
  order: ExistingOrder,
  limit: number,
  cause: Pick<RefundDue['data'], 'refundKey' | 'reason' | 'lines'>,
): readonly RefundDue[] {
  const amount = Math.min(excess(order), limit);
  if (amount <= 0) return [];
  return [{ type: 'RefundDue', data: { ...cause, amount: { ...order.captured, amount }, approval: 'auto' } }];
}

/** The refund of whatever an order that now ends had been paid; `cause` keeps it from being asked for twice. */
export function refundOfWhatWasPaid(
  order: ExistingOrder,
  cause: 'rejected' | 'expired' | 'cancelled',
): readonly RefundDue[] {
  const amount = { ...order.captured, amount: refundable(order) };
  if (amount.amount <= 0) return [];
  return [{ type: 'RefundDue', data: { refundKey: `order:${cause}`, amount, reason: 'cancelled', approval: 'auto' } }];
}
