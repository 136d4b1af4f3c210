import {
  LineIdCodec,
  LocationIdCodec,
  MerchantOrderNoCodec,
  OrderIdCodec,
  ShipmentIdCodec,
  SkuCodec,
  TicketIdCodec,
  TicketItemIdCodec,
} from '../../domain/kernel/ids.js';
import { boolean, byCodec, dateTime, integer, oneOf, text } from './primitives.js';
import { decoder, described, named, type Schema } from './schema.js';
import { list, object } from './structures.js';

const NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const NAME_FORM = '1 to 64 of A–Z, a–z, 0–9, dot, underscore and dash, beginning with a letter or digit';
const idPattern = (prefix: string): RegExp => new RegExp(`^${prefix}_[0-7][0-9a-hjkmnp-tv-z]{25}$`);

export const sku = described(byCodec(SkuCodec, NAME_PATTERN, NAME_FORM), 'Stock keeping unit', 'margherita');
export const locationId = described(byCodec(LocationIdCodec, NAME_PATTERN, NAME_FORM), 'Shop or restaurant', 'main');
export const orderId = byCodec(OrderIdCodec, idPattern('ord'), 'an order id such as ord_…');
export const lineId = byCodec(LineIdCodec, idPattern('lin'), 'a line id such as lin_…');
export const ticketId = byCodec(TicketIdCodec, idPattern('tkt'), 'a ticket id such as tkt_…');
export const shipmentId = byCodec(ShipmentIdCodec, idPattern('shp'), 'a shipment id such as shp_…');
export const ticketItemId = byCodec(TicketItemIdCodec, idPattern('itm'), 'an item id such as itm_…');
export const merchantOrderNo = described(
  byCodec(MerchantOrderNoCodec, /^[A-Za-z0-9._-]{1,64}$/, '1 to 64 of A–Z, a–z, 0–9, dot, underscore and dash'),
  "The merchant's own number: names the same order under whatever key",
  '536365',
);
const opaqueId: Schema<string> = text(100);

export const orderMode = oneOf('pickup', 'dine_in', 'delivery', 'shipping', 'digital');
export const orderStatus = oneOf(
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
);
export const ticketState = oneOf('scheduled', 'queued', 'preparing', 'ready', 'handed_over', 'cancelled');

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

const currency: Schema<string> = {
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

const HIGHEST_STOCK = 1_000_000_000;
const LONGEST_PREPARATION = 86_400;
export const onHand = described(integer(0, HIGHEST_STOCK), 'Units on the shelf, counted', 10);
const offerOption = named(
  'OfferOption',
  object({
    id: text(40),
    name: text(100),
    min: described(integer(0, 50), 'So many must be taken'),
    max: described(integer(1, 50), 'So many may be taken'),
    choices: list(
      object({ id: text(40), name: text(100), price: described(price, 'What it costs on top, each time') }),
      { min: 1, max: 100 },
    ),
  }),
);
export const stockUnits = described(integer(1, HIGHEST_STOCK), 'Units', 12);
export const offerProperties = {
  required: { name: text(100), price, trackStock: described(boolean, 'Whether stock is kept of it') },
  optional: {
    station: described(text(40), 'Where it is made; absent: the default station of the location', 'oven'),
    prepSeconds: described(integer(0, LONGEST_PREPARATION), 'How long it takes to make', 300),
    taxClass: described(text(40), 'What locations have tax rates for; absent: standard', 'food'),
    options: described(list(offerOption, { max: 50 }), 'What can be chosen with it'),
  },
} as const;

export const MAX_LINES = 100;
export const MAX_QUANTITY = 999;
export const quantity = described(integer(1, MAX_QUANTITY), 'Units', 2);

/** Units of an order's lines. */
export const lineQuantities = list(object({ lineId, qty: described(integer(1, MAX_QUANTITY), 'Units', 1) }), {
  min: 1,
  max: MAX_LINES,
});

export const revision = described(integer(0), 'Revision of the stream: the ETag without its r', 3);

export const offerAnswer = named(
  'Offer',
  object(
    { sku, ...offerProperties.required, status: oneOf('draft', 'on_sale'), revision },
    {
      ...offerProperties.optional,
      suspensions: described(
        list(object({ reason: text(500) }, { locationId, until: dateTime })),
        'Where (absent: everywhere) and until when it is not to be had',
      ),
    },
  ),
);

export const stockAnswer = named(
  'Stock',
  object({
    sku,
    locationId,
    onHand: integer(0),
    reserved: integer(0),
    available: described(integer(Number.MIN_SAFE_INTEGER), 'On hand, less what is reserved'),
    revision,
  }),
);

export const stockMovementAnswer = named(
  'StockMovement',
  object(
    {
      revision,
      kind: oneOf(
        'registered',
        'received',
        'adjusted',
        'transferred_out',
        'transferred_in',
        'reserved',
        'released',
        'consumed',
      ),
      quantity: described(integer(Number.MIN_SAFE_INTEGER), 'How many; below zero where a count found fewer'),
      at: dateTime,
      by: described(text(200), 'Who did it', 'admin/local'),
    },
    { ref: text(100), reason: text(200), orderId, from: locationId, to: locationId },
  ),
);

const orderAction = oneOf(
  'pay',
  'cancel',
  'cancel_lines',
  'hold',
  'resolve_hold',
  'confirm_pay_later',
  'refund',
  'complete',
  'ship',
  'change_delivery',
);
const orderDisplay = oneOf(
  'placed',
  'needs attention',
  'waiting for payment',
  'paid',
  'in the kitchen',
  'ready',
  'on the way',
  'partly delivered',
  'delivered',
  'completed',
  'payment time ran out',
  'declined',
  'cancelled',
  'refunded',
);

export const orderAnswer = named(
  'Order',
  object(
    {
      id: orderId,
      number: described(text(20), 'What people call it', '4Q8Z-0K3M-7TXB-5'),
      status: orderStatus,
      display: described(orderDisplay, 'The status in a word of everyday'),
      revision,
      locationId,
      mode: orderMode,
      lines: list(
        named(
          'OrderLine',
          object({
            lineId: opaqueId,
            sku,
            name: text(100),
            quantity: integer(1),
            cancelled: described(integer(0), 'Units that were called off'),
            fulfilled: described(integer(0), 'Units that were handed over'),
            unitPrice: money,
            net: money,
          }),
        ),
      ),
      total: described(money, 'What was ordered costs this'),
      due: described(money, 'The total, less what was cancelled'),
      payment: object(
        {
          status: oneOf('not_required', 'pending', 'authorized', 'partially_paid', 'paid', 'overpaid'),
          captured: described(money, 'What was paid'),
        },
        { link: described(text(2048), 'Where to pay; there as soon as the provider has given it'), dueAt: dateTime },
      ),
      fulfilment: object({
        status: oneOf('none', 'queued', 'preparing', 'ready', 'in_transit', 'partially_fulfilled', 'fulfilled'),
      }),
      refunds: object({
        status: oneOf('none', 'pending', 'partial', 'full'),
        due: described(money, 'What goes back, or has gone'),
        refunded: described(money, 'What has gone back'),
      }),
      allowed: described(list(orderAction), 'What may be done with it next'),
      placedAt: dateTime,
    },
    {
      merchantOrderNo,
      hold: named(
        'Hold',
        object({
          kind: oneOf('review', 'shortage', 'mismatch', 'manual'),
          detail: text(10_000),
          decideBy: described(dateTime, 'Undecided by then, the order is rejected'),
          resumeTo: oneOf('placed', 'awaiting_payment', 'confirmed'),
        }),
      ),
      cancellation: named(
        'Cancellation',
        object(
          { id: opaqueId, state: oneOf('pending', 'declined', 'done'), reason: text(500) },
          { cause: described(text(500), 'Why it was declined, or a part of it') },
        ),
      ),
      rejection: object({
        reasons: list(
          named(
            'RejectionReason',
            object(
              { type: described(text(60), 'A problem type', 'insufficient-stock'), text: text(500) },
              {
                lineId: opaqueId,
                sku,
                name: text(100),
                wanted: integer(0),
                available: integer(Number.MIN_SAFE_INTEGER),
              },
            ),
          ),
        ),
      }),
    },
  ),
);

export const ticketAnswer = named(
  'Ticket',
  object(
    {
      id: ticketId,
      orderId,
      orderNumber: text(20),
      locationId,
      mode: orderMode,
      state: ticketState,
      revision,
      items: list(
        named(
          'TicketItem',
          object({
            itemId: ticketItemId,
            lineId: opaqueId,
            sku,
            name: text(100),
            quantity: described(integer(0), 'Units still to be made'),
            voided: described(integer(0), 'Units not wanted any more'),
            unacknowledged: described(integer(0), 'Of these, begun and not yet seen by the kitchen'),
            options: list(object({ name: text(100), choice: text(100) })),
            station: text(40),
            prepSeconds: integer(0),
            state: oneOf('queued', 'cooking', 'done', 'voided'),
          }),
        ),
      ),
      rush: described(boolean, 'Before the others'),
      openedAt: dateTime,
    },
    {
      pickupNo: described(integer(0), 'What is called out: small, and unique at the location for the business day'),
      table: text(40),
      promisedAt: dateTime,
      fireAt: described(dateTime, 'When it comes, or came, to the cooks, where that is later than when it was opened'),
      readyAt: dateTime,
      handedOverAt: dateTime,
      cancelledAt: dateTime,
    },
  ),
);

export const shipmentState = oneOf(
  'pending',
  'packed',
  'in_transit',
  'out_for_delivery',
  'delivery_failed',
  'delivered',
  'returned',
  'lost',
  'cancelled',
);
export const shipmentAnswer = named(
  'Shipment',
  object(
    {
      id: shipmentId,
      orderId,
      orderNumber: text(20),
      locationId,
      state: shipmentState,
      revision,
      lines: list(named('ShippedLine', object({ lineId: opaqueId, sku, name: text(100), quantity: integer(1) }))),
      attempts: described(list(object({ at: dateTime, reason: text(500) })), 'Attempts to deliver it that failed'),
      allowed: described(
        list(oneOf('pack', 'dispatch', 'deliver', 'fail_attempt', 'return', 'mark_lost', 'cancel')),
        'What may be done with it next',
      ),
      createdAt: dateTime,
    },
    {
      carrier: text(40),
      service: text(40),
      trackingNo: text(60),
      packedAt: dateTime,
      dispatchedAt: dateTime,
      endedAt: described(dateTime, 'When it was delivered, came back, was given up for lost or was taken back'),
      reason: described(text(500), 'Why it did not arrive, or arrived after all'),
    },
  ),
);
