import type { Acceptance } from './commands.js';
import type { OrderEvent } from './events.js';
import type { Gates, Order } from './state.js';
import { owedFor } from './sums.js';

const CLOSED: ReadonlySet<Gates[keyof Gates]> = new Set(['passed', 'secured', 'skipped'] as const);

const gatesOf = ({ check, stock, discounts }: Gates): readonly Gates[keyof Gates][] => [check, stock, discounts];

/** Accepts an order whose gates are all closed; with nothing left to pay, or payment later, it is confirmed at once. */
export function acceptIfGatesClosed(order: Order, acceptance: Acceptance): readonly OrderEvent[] {
  if (order.status !== 'placed' || !gatesOf(order.gates).every((gate) => CLOSED.has(gate))) return [];
  const owed = owedFor(order);
  const amountDue = { ...owed, amount: Math.max(0, owed.amount - order.captured.amount) };
  if (amountDue.amount > 0 && order.details.paymentMode !== 'pay_later') {
    return [{ type: 'OrderAccepted', data: { amountDue, ...acceptance } }];
  }
  const basis = amountDue.amount > 0 ? 'pay_later' : order.captured.amount > 0 ? 'captured' : 'zero_total';
  return [
    { type: 'OrderAccepted', data: { amountDue } },
    { type: 'OrderConfirmed', data: { basis } },
  ];
}

/** Confirms an order that waits for its payment when what was paid covers what it costs. */
export function confirmIfCovered(order: Order): readonly OrderEvent[] {
  if (order.status !== 'awaiting_payment' || order.captured.amount < owedFor(order).amount) return [];
  return [{ type: 'OrderConfirmed', data: { basis: order.captured.amount > 0 ? 'captured' : 'zero_total' } }];
}
