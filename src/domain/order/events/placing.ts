import * as t from 'io-ts';
import {
  CheckIdCodec,
  LineIdCodec,
  LocationIdCodec,
  MerchantOrderNoCodec,
  OrderIdCodec,
  ReservationIdCodec,
  SkuCodec,
} from '../../kernel/ids.js';
import { literals } from '../../kernel/literals.js';
import { MoneyCodec } from '../../kernel/money.js';
import { SealedCodec } from '../../kernel/sealed.js';
import { CustomerRecordCodec, ScreeningCodec } from './checking.js';
import { OrderLineCodec } from './line.js';
import { ShortageCodec } from './words.js';

export const OrderModeCodec = literals('pickup', 'dine_in', 'delivery', 'shipping', 'digital');
export type OrderMode = t.TypeOf<typeof OrderModeCodec>;

/** ByCodec what an order came: the shop's pages, its app, a till, or a program of somebody else's. */
const OrderChannelCodec = literals('web', 'app', 'pos', 'api');
export type OrderChannel = t.TypeOf<typeof OrderChannelCodec>;

const Gate = literals('required', 'skipped');

const RejectionReasonCodec = t.intersection([
  t.type({ type: t.string, text: t.string }),
  t.partial({ lineId: LineIdCodec, sku: SkuCodec, name: t.string, wanted: t.number, available: t.number }),
]);
/** Why an order was rejected; `type` is a problem type such as `insufficient-stock`. */
export type RejectionReason = t.TypeOf<typeof RejectionReasonCodec>;

/** An order comes, and stock is set aside for it, or it is rejected. */
export const placingEvents = {
  OrderPlaced: {
    v: 1,
    data: t.intersection([
      t.type({
        orderId: OrderIdCodec,
        number: t.string,
        accountId: t.string,
        channel: OrderChannelCodec,
        locationId: LocationIdCodec,
        mode: OrderModeCodec,
        lines: t.readonlyArray(OrderLineCodec),
        discounts: t.readonlyArray(t.type({ source: t.string, amount: MoneyCodec })),
        deliveryFee: MoneyCodec,
        tip: MoneyCodec,
        tax: t.readonlyArray(t.type({ rateBp: t.number, base: MoneyCodec, amount: MoneyCodec })),
        total: MoneyCodec,
        taxInclusive: t.boolean,
        priceHash: t.string,
        paymentMode: literals('prepay', 'pay_later', 'free'),
        gates: t.type({ check: Gate, stock: Gate, discounts: Gate }),
        onShortage: literals('reject', 'hold'),
        /** How long the customer may take to pay once the order is accepted. */
        paymentWindowMinutes: t.number,
        placedAt: t.string,
      }),
      t.partial({
        merchantOrderNo: MerchantOrderNoCodec,
        /** The tax of the delivery fee, which `tax` counts as well; absent: no fee. */
        deliveryTax: t.type({ rateBp: t.number, amount: MoneyCodec }),
        /** Whether the money is taken at once or authorised first; absent: at once. */
        captureMode: literals('automatic', 'manual'),
        /** Whom to write to and call; sealed. */
        contact: SealedCodec,
        /** Where it is brought to, and to whom; sealed. */
        address: SealedCodec,
        /** What whoever makes it should know of all of it; sealed. */
        note: SealedCodec,
        /** BCP 47; the language in which the customer is written to. */
        locale: t.string,
        /** Where orders are checked: how, and what the check is called. */
        screening: ScreeningCodec,
        checkId: CheckIdCodec,
        /** For when it is wanted, RFC 3339; absent: as soon as may be. */
        promisedAt: t.string,
        /** The location's business day that it is made on: `YYYY-MM-DD`. */
        businessDate: t.string,
        table: t.string,
        /** Units that the kitchen of the location makes in a quarter of an hour; absent: whatever comes. */
        kitchenCapacity: t.number,
        /** It costs what a quote promised until then (RFC 3339), and not what it came to when it was placed. */
        quotedUntil: t.string,
        /** Where it goes, as far as that tells nobody who lives there. */
        destination: t.intersection([
          t.type({ country: t.string }),
          t.partial({
            region: t.string,
            postalPrefix: t.string,
            /** The zone of the location that it lies in. */
            zone: t.string,
          }),
        ]),
        /** Where orders are checked: what was known of the customer then. */
        customer: CustomerRecordCodec,
      }),
    ]),
  },
  StockSecured: {
    v: 1,
    data: t.type({ reservations: t.readonlyArray(t.type({ lineId: LineIdCodec, reservationId: ReservationIdCodec })) }),
  },
  StockShort: { v: 1, data: t.type({ shortages: t.readonlyArray(ShortageCodec) }) },
  OrderRejected: { v: 1, data: t.type({ reasons: t.readonlyArray(RejectionReasonCodec) }) },
} as const;
