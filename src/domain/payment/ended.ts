import { otherMoneyOf } from './otherMoney.js';
import type { Payment } from './state.js';

/**
 * Whether nobody can pay it any more and nobody has: what it asked for has to be asked for by another payment. Where another
 * amount was paid than was asked for there is money to be looked at first; its page is used, and once that money goes back nothing
 * is paid by it.
 */
export function endedUnpaid(payment: Payment): boolean {
  if (payment.status === 'none' || payment.status === 'authorized' || payment.captures.length > 0) return false;
  const others = otherMoneyOf(payment);
  const isOver = payment.status === 'closed' || payment.status === 'failed' || payment.status === 'voided';
  return (isOver || others.length > 0) && others.every(({ state }) => state === 'goes_back' || state === 'gone');
}
