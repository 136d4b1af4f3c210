import { lineId } from './ids.js';
import { integer, oneOf } from './primitives.js';
import { decoder, described, named, type Schema } from './schema.js';
import { list, object } from './structures.js';

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

export const currency: Schema<string> = {
  json: { type: 'string', pattern: '^[A-Z]{3}$', description: 'ISO 4217', examples: ['EUR'] },
  codec: decoder('currency', (value) =>
    typeof value === 'string' && CURRENCIES.has(value)
      ? { value }
      : { fault: { code: 'unknown-currency', text: 'must be a currency of ISO 4217 in capitals, such as EUR' } },
  ),
};

/** Ten million of a currency with two decimals: an order of 100 lines of 999 of them is still a safe integer. */
const HIGHEST_PRICE = 1_000_000_000;
const HIGHEST_TOTAL = HIGHEST_PRICE * 1_000;

export const price = named(
  'Price',
  object({ amount: described(integer(0, HIGHEST_PRICE), 'In the minor unit of the currency', 1250), currency }),
);

/** Money that is to go back: some. */
export const refundAmount = object({
  amount: described(integer(1, HIGHEST_TOTAL), 'In the minor unit', 500),
  currency,
});

export const money = named(
  'Money',
  object({ amount: described(integer(Number.MIN_SAFE_INTEGER), 'In the minor unit of the currency', 1250), currency }),
);

export const MAX_LINES = 100;
export const MAX_QUANTITY = 999;

export const quantity = described(integer(1, MAX_QUANTITY), 'Units', 2);

/** Units of an order's lines. */
export const lineQuantities = list(object({ lineId, qty: described(integer(1, MAX_QUANTITY), 'Units', 1) }), {
  min: 1,
  max: MAX_LINES,
});

/** Units of an order's lines that came back. */
export const returnedUnits = list(
  object({
    lineId,
    qty: described(integer(1, MAX_QUANTITY), 'Units', 1),
    condition: described(oneOf('sellable', 'damaged'), 'Whether they can be sold again'),
  }),
  { min: 1, max: MAX_LINES },
);
