import * as t from 'io-ts';

/**
 * An amount in the minor unit of its currency (cents, pence, yen) with an ISO 4217 code: never a float.
 * `amount` is a safe integer; whether it may be negative is the business of who uses it.
 */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

const CURRENCY_CODE = /^[A-Z]{3}$/;

/** Decodes stored or received money; whether the currency is one that exists is checked at the HTTP edge. */
export const MoneyCodec: t.Type<Money> = new t.Type<Money>(
  'Money',
  (value): value is Money => isMoney(value),
  (value, context) =>
    isMoney(value) ? t.success({ amount: value.amount, currency: value.currency }) : t.failure(value, context),
  ({ amount, currency }) => ({ amount, currency }),
);

function isMoney(value: unknown): value is Money {
  if (typeof value !== 'object' || value === null) return false;
  const { amount, currency } = value as Record<string, unknown>;
  return Number.isSafeInteger(amount) && typeof currency === 'string' && CURRENCY_CODE.test(currency);
}

/** No money at all, in the given currency. */
export const zero = (currency: string): Money => ({ amount: 0, currency });

/** The sum of two amounts of one currency; throws a RangeError on another currency or an unsafe result. */
export const add = (a: Money, b: Money): Money => ({ amount: safe(a.amount + b.amount), currency: same(a, b) });

/** `a − b` of one currency; throws like {@link add}. */
export const subtract = (a: Money, b: Money): Money => ({ amount: safe(a.amount - b.amount), currency: same(a, b) });

/** An amount taken `factor` times (an integer), exact by way of BigInt; throws a RangeError on an unsafe result. */
export const multiply = (money: Money, factor: number): Money => ({
  amount: safe(Number(BigInt(money.amount) * BigInt(factor))),
  currency: money.currency,
});

/**
 * `money × numerator ÷ denominator`, rounded half away from zero: the one way in which Comanda rounds. Numerator and
 * denominator are integers, the denominator above zero; exact by way of BigInt. Throws a RangeError on an unsafe result.
 */
export function fraction(money: Money, numerator: number, denominator: number): Money {
  const product = BigInt(money.amount) * BigInt(numerator);
  const divisor = BigInt(denominator);
  const magnitude = ((product < 0n ? -product : product) * 2n + divisor) / (divisor * 2n);
  return { amount: safe(Number(product < 0n ? -magnitude : magnitude)), currency: money.currency };
}

/**
 * Spreads an amount over parts in proportion to their weights (integers, none negative), by the largest remainder; of equal
 * remainders the earlier part comes first. The parts always add up to the whole. Weights that are all 0 count as equal.
 *
 * @throws RangeError when there is no part to take the amount, or a weight is no whole number
 */
export function spread(money: Money, weights: readonly number[]): readonly Money[] {
  if (weights.length === 0) throw new RangeError('nothing to spread an amount over');
  if (!weights.every((weight) => Number.isSafeInteger(weight) && weight >= 0)) {
    throw new RangeError('weights are whole numbers, none negative');
  }
  const shares = (weights.some((weight) => weight > 0) ? weights : weights.map(() => 1)).map(BigInt);
  const all = shares.reduce((total, share) => total + share, 0n);
  const sign = money.amount < 0 ? -1n : 1n;
  const whole = BigInt(money.amount) * sign;
  const parts = shares.map((share) => (whole * share) / all);
  const order = shares
    .map((share, index) => ({ index, remainder: (whole * share) % all }))
    // a stable sort: of equal remainders the earlier part stays first
    .sort((a, b) => (a.remainder === b.remainder ? 0 : a.remainder > b.remainder ? -1 : 1));
  const left = Number(whole - parts.reduce((total, part) => total + part, 0n));
  const favoured = new Set(order.slice(0, left).map(({ index }) => index));
  return parts.map((part, index) => ({
    amount: Number(sign * (favoured.has(index) ? part + 1n : part)),
    currency: money.currency,
  }));
}

/** The sum of a list in the given currency; an empty list is zero. */
export const sum = (amounts: readonly Money[], currency: string): Money => amounts.reduce(add, zero(currency));

/** Whether both are the same amount of the same currency. */
export const equals = (a: Money, b: Money): boolean => a.amount === b.amount && a.currency === b.currency;

function same(a: Money, b: Money): string {
  if (a.currency !== b.currency) throw new RangeError(`${a.currency} and ${b.currency} cannot be reckoned together`);
  return a.currency;
}

function safe(amount: number): number {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`${amount} is beyond the safe integers`);
  return amount;
}
