import type { Payment } from './state.js';

/**
 * Whether nobody can pay it any more and nobody has: what it asked for has to be asked for by another payment. Where another
 * amount was paid than was asked for there is money to be looked at first.
 */
export const endedUnpaid = (payment: Payment): boolean =>
  (payment.status === 'closed' || payment.status === 'failed' || payment.status === 'voided') &&
  payment.captures.length === 0 &&
  payment.mismatches.length === 0;
