import { assertNever } from '../kernel/assertNever.js';
import type { FulfilmentFacet, OrderAction, PaymentFacet } from './commands.js';
import type { ExistingOrder } from './state.js';

/** Whether the order ended without ever being served: whatever is captured for it goes back. */
export const isDead = (order: ExistingOrder): boolean =>
  order.status === 'rejected' || order.status === 'expired' || order.status === 'cancelled';

/** Units of a line that are neither cancelled nor handed over. */
export const openQty = (line: ExistingOrder['lines'][number]): number => line.qty - line.cancelled - line.fulfilled;

/** What is captured against what the order costs. A dead order without money asks for none any more. */
export function paymentFacet(order: ExistingOrder): PaymentFacet {
  const total = order.details.total.amount;
  const captured = order.captured.amount;
  if (captured === 0) return total === 0 || isDead(order) ? 'not_required' : 'pending';
  if (captured === total) return 'paid';
  return captured < total ? 'partially_paid' : 'overpaid';
}

/** How far the goods are, from quantities and the stage that the kitchen reported. */
export function fulfilmentFacet(order: ExistingOrder): FulfilmentFacet {
  switch (order.status) {
    case 'fulfilled':
    case 'completed':
      return 'fulfilled';
    case 'confirmed':
    case 'in_fulfilment':
      if (order.lines.some((line) => line.fulfilled > 0)) return 'partially_fulfilled';
      return order.status === 'confirmed' ? 'none' : order.stage;
    case 'placed':
    case 'awaiting_payment':
    case 'rejected':
    case 'expired':
    case 'cancelled':
      return 'none';
    default:
      return assertNever(order);
  }
}

/** What somebody may do with the order next, by the same guards as the decider; a fulfilled one is completed by time alone. */
export function allowedActions(order: ExistingOrder): readonly OrderAction[] {
  switch (order.status) {
    case 'placed':
      return ['cancel'];
    case 'awaiting_payment':
      return order.link ? ['pay', 'cancel'] : ['cancel'];
    case 'confirmed':
    case 'in_fulfilment':
    case 'fulfilled':
    case 'completed':
    case 'rejected':
    case 'expired':
    case 'cancelled':
      return [];
    default:
      return assertNever(order);
  }
}
