import * as t from 'io-ts';
import { LineIdCodec, SkuCodec } from '../../kernel/ids.js';
import { MoneyCodec } from '../../kernel/money.js';
import { SealedCodec } from '../../kernel/sealed.js';

/** One line as it was priced when it was ordered; it never changes afterwards. */
export const OrderLineCodec = t.intersection([
  t.type({
    lineId: LineIdCodec,
    sku: SkuCodec,
    name: t.string,
    options: t.readonlyArray(t.type({ name: t.string, choice: t.string, price: MoneyCodec })),
    unitPrice: MoneyCodec,
    qty: t.number,
    gross: MoneyCodec,
    discount: MoneyCodec,
    tax: MoneyCodec,
    net: MoneyCodec,
    taxRateBp: t.number,
    /** Whether stock is kept for this sku; an untracked line needs no reservation. */
    track: t.boolean,
  }),
  t.partial({
    station: t.string,
    prepSeconds: t.number,
    allergens: t.readonlyArray(t.string),
    /** What one unit weighs, in grams. */
    weight: t.number,
    /** What whoever makes it should know; sealed. */
    note: SealedCodec,
  }),
]);
export type OrderLine = t.TypeOf<typeof OrderLineCodec>;
