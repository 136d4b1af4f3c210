import * as t from 'io-ts';
import { LineIdCodec, LocationIdCodec, MerchantOrderNoCodec, OrderIdCodec, SkuCodec } from '../../domain/kernel/ids.js';
import { MoneyCodec } from '../../domain/kernel/money.js';
import { literals } from '../../domain/kernel/literals.js';

const OrderBlockLine = t.intersection([
  t.type({
    lineId: LineIdCodec,
    sku: SkuCodec,
    name: t.string,
    options: t.readonlyArray(t.type({ name: t.string, choice: t.string })),
    /** Units ordered, and how many of them are cancelled and handed over by now. */
    qty: t.number,
    cancelled: t.number,
    fulfilled: t.number,
    unitPrice: MoneyCodec,
    discount: MoneyCodec,
    tax: MoneyCodec,
    net: MoneyCodec,
  }),
  t.partial({ station: t.string, prepSeconds: t.number, allergens: t.readonlyArray(t.string) }),
]);

/**
 * The order as every `order.*` message carries it: as it stood just after the event that the message tells of, so that a
 * republication has the same bytes and no consumer has to call back. Without personal data: `customerRef` is a pseudonym.
 *
 * The texts of `status` and `facets` are those of the whole domain, more than are in use today: a consumer that knows this
 * version already understands them.
 */
export const OrderBlock = t.intersection([
  t.type({
    id: OrderIdCodec,
    /** For people: twelve symbols and a check symbol. */
    number: t.string,
    customerRef: t.string,
    channel: literals('web', 'app', 'pos', 'api'),
    locationId: LocationIdCodec,
    mode: literals('pickup', 'dine_in', 'delivery', 'shipping', 'digital'),
    /** ISO 4217; all amounts of the order are in it. */
    currency: t.string,
    lines: t.readonlyArray(OrderBlockLine),
    /** `items` is the sum of the lines before discounts; `grand` is what the customer owes in all. */
    totals: t.type({
      items: MoneyCodec,
      discount: MoneyCodec,
      delivery: MoneyCodec,
      tax: MoneyCodec,
      tip: MoneyCodec,
      grand: MoneyCodec,
    }),
    status: literals(
      'placed',
      'on_hold',
      'awaiting_payment',
      'confirmed',
      'in_fulfilment',
      'fulfilled',
      'completed',
      'rejected',
      'expired',
      'cancelled',
    ),
    facets: t.type({
      payment: literals('not_required', 'pending', 'authorized', 'partially_paid', 'paid', 'overpaid'),
      fulfilment: literals('none', 'queued', 'preparing', 'ready', 'in_transit', 'partially_fulfilled', 'fulfilled'),
    }),
    /** RFC 3339, UTC. */
    placedAt: t.string,
  }),
  t.partial({
    merchantOrderNo: MerchantOrderNoCodec,
    /** For when it is wanted, RFC 3339; absent: as soon as may be. */
    promisedAt: t.string,
    /** The location's business day that it is made on: `YYYY-MM-DD`. */
    businessDate: t.string,
    table: t.string,
    /** Units that the kitchen makes in a quarter of an hour; absent: whatever comes. */
    kitchenCapacity: t.number,
  }),
]);
export type OrderBlock = t.TypeOf<typeof OrderBlock>;
