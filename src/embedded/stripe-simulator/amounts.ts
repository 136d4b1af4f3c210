import { invalidRequest } from './errors.js';

/**
 * Stripe's rules for amounts; source: https://docs.stripe.com/currencies. Amounts are integers in the smallest unit that
 * Stripe counts in: whole units for the first group, thousandths (last digit 0) for the second, hundredths for all others,
 * of which the third group has whole units only.
 */
const ZERO_DECIMAL = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '));
const THREE_DECIMAL = new Set('bhd jod kwd omr tnd'.split(' '));
const WHOLE_UNITS_IN_HUNDREDTHS = new Set(['isk', 'ugx']);

const MINIMUM: Readonly<Record<string, number>> = {
  usd: 50,
  aed: 200,
  aud: 50,
  bgn: 100,
  brl: 50,
  cad: 50,
  chf: 50,
  czk: 1500,
  dkk: 250,
  eur: 50,
  gbp: 30,
  hkd: 400,
  huf: 17500,
  inr: 50,
  jpy: 50,
  mxn: 1000,
  myr: 200,
  nok: 300,
  nzd: 50,
  pln: 200,
  ron: 200,
  sek: 300,
  sgd: 50,
  thb: 1000,
};
const MAXIMUM = 99_999_999;

const known = new Set(Intl.supportedValuesOf('currency').map((code) => code.toLowerCase()));

/** Decimal places in which Stripe counts the currency. */
const decimalsOf = (currency: string): number => (ZERO_DECIMAL.has(currency) ? 0 : THREE_DECIMAL.has(currency) ? 3 : 2);

/** The currency code in lower case; throws the refusal for one that Stripe does not take. */
export function currencyOf(text: string, param: string): string {
  const currency = text.toLowerCase();
  if (!known.has(currency)) throw invalidRequest(`Invalid currency: ${text}`, { param });
  return currency;
}

/** Throws Stripe's refusal of a total that it would not charge; zero needs no payment and passes. */
export function assertChargeable(amount: number, currency: string): void {
  const minimum = MINIMUM[currency] ?? 1;
  if (amount > 0 && amount < minimum) {
    throw invalidRequest(
      `The Checkout Session's total amount due must add up to at least ${shown(minimum, currency)} ${currency}`,
      { code: 'amount_too_small' },
    );
  }
  if (amount > MAXIMUM) {
    throw invalidRequest(
      `The Checkout Session's total amount due must be no more than ${shown(MAXIMUM, currency)} ${currency}`,
      { code: 'amount_too_large' },
    );
  }
  const step = THREE_DECIMAL.has(currency) ? 10 : WHOLE_UNITS_IN_HUNDREDTHS.has(currency) ? 100 : 1;
  if (amount % step !== 0) {
    throw invalidRequest(`Invalid amount: amounts in ${currency} must be divisible by ${step}`, {
      code: 'invalid_charge_amount',
    });
  }
}

/** An amount as people read it, for example `£12.50`. */
export const shown = (amount: number, currency: string): string =>
  new Intl.NumberFormat('en-GB', {
    style: 'currency',
    currency: currency.toUpperCase(),
    minimumFractionDigits: decimalsOf(currency),
    maximumFractionDigits: decimalsOf(currency),
  }).format(amount / 10 ** decimalsOf(currency));
