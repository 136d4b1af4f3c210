import type { PaymentId } from '../kernel/ids.js';
import { isDead } from './facets.js';
import type { Order } from './state.js';

/** A payment that was asked for, and until when (RFC 3339). */
export interface AskedPayment {
  readonly paymentId: PaymentId;
  readonly dueAt: string;
}

/**
 * The payment that an order asked for last and that nobody can pay (yet), since the order knows no page for it. Undefined: it waits
 * for none, or knows where to pay. Whether there is still time is not asked.
 */
export function withoutPage(order: Order): AskedPayment | undefined {
  if (order.status === 'none' || isDead(order)) return undefined;
  const asked = order.status === 'awaiting_payment' ? order.awaited : order.requested?.at(-1);
  if (asked === undefined || order.link?.paymentId === asked.paymentId) return undefined;
  const { paymentId, dueAt } = asked;
  // its page was used for another amount, which is counted soon
  if (order.acceptedMoney?.some((one) => one.paymentId === paymentId)) return undefined;
  return order.applied.some((one) => one.paymentId === paymentId) ? undefined : { paymentId, dueAt };
}
