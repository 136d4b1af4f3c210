import { type Either, left, right } from 'fp-ts/lib/Either.js';
import type { ProviderRefused } from '../../consumers/payment/ports/paymentProvider.js';
import type { Money } from '../../domain/kernel/money.js';

/**
 * Where Stripe does not count in the minor units of ISO 4217. Source: https://docs.stripe.com/currencies, "Zero-decimal",
 * "Three-decimal" and "Special cases".
 */
const SENT_IN_HUNDREDTHS = new Set(['ISK', 'UGX']);
const SENT_IN_WHOLE_UNITS = new Set(['MGA']);
const LAST_DIGIT_ZERO = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND']);

export interface StripeAmount {
  readonly amount: number;
  /** Lower case. */
  readonly currency: string;
}

/** An amount as Stripe counts it, or the refusal that Stripe would give for one that it cannot charge exactly. */
export function toStripeAmount({ amount, currency }: Money): Either<ProviderRefused, StripeAmount> {
  const sent = SENT_IN_HUNDREDTHS.has(currency)
    ? amount * 100
    : SENT_IN_WHOLE_UNITS.has(currency)
      ? amount / 100
      : amount;
  const exact = Number.isSafeInteger(sent) && !(LAST_DIGIT_ZERO.has(currency) && sent % 10 !== 0);
  return exact
    ? right({ amount: sent, currency: currency.toLowerCase() })
    : left({
        _tag: 'ProviderRefused',
        code: 'invalid_charge_amount',
        text: `Stripe cannot charge ${amount} minor units of ${currency} exactly`,
        status: 400,
      });
}

/** The inverse of {@link toStripeAmount}: what Stripe says, in the minor units of ISO 4217. */
export function fromStripeAmount(amount: number, code: string): Money {
  const currency = code.toUpperCase();
  if (SENT_IN_HUNDREDTHS.has(currency)) return { amount: amount / 100, currency };
  return { amount: SENT_IN_WHOLE_UNITS.has(currency) ? amount * 100 : amount, currency };
}
