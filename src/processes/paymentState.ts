import type { OrderId } from '../domain/kernel/ids.js';
import type { Payment } from '../domain/payment/index.js';

/** The session that was attached last; undefined while there is none. */
export const sessionIdOf = (payment: Payment): string | undefined =>
  payment.status === 'none' ? undefined : payment.session?.sessionId;

/** Undefined for a payment that nobody opened. */
export const orderIdOf = (payment: Payment): OrderId | undefined =>
  payment.status === 'none' ? undefined : payment.opening?.orderId;
