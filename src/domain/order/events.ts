import * as t from 'io-ts';
import { type EventOf, eventCodec } from '../kernel/eventCodec.js';
import {
  AmendmentIdCodec,
  CancellationIdCodec,
  CheckIdCodec,
  LineIdCodec,
  LocationIdCodec,
  MerchantOrderNoCodec,
  NoteIdCodec,
  OrderIdCodec,
  PaymentIdCodec,
  ReservationIdCodec,
  ReturnIdCodec,
  ShipmentIdCodec,
  SkuCodec,
  TicketIdCodec,
} from '../kernel/ids.js';
import { MoneyCodec } from '../kernel/money.js';
import { SealedCodec } from '../kernel/sealed.js';

const literals = <K extends string>(...keys: readonly K[]) =>
  t.keyof(Object.fromEntries(keys.map((key) => [key, null])) as Record<K, null>);

export const OrderModeCodec = literals('pickup', 'dine_in', 'delivery', 'shipping', 'digital');
export type OrderMode = t.TypeOf<typeof OrderModeCodec>;

/** By what an order came: the shop's pages, its app, a till, or a program of somebody else's. */
const OrderChannelCodec = literals('web', 'app', 'pos', 'api');
export type OrderChannel = t.TypeOf<typeof OrderChannelCodec>;

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

const Gate = literals('required', 'skipped');

export const ShortageCodec = t.type({
  lineId: LineIdCodec,
  sku: SkuCodec,
  name: t.string,
  wanted: t.number,
  available: t.number,
});
export type Shortage = t.TypeOf<typeof ShortageCodec>;

export const RejectionReasonCodec = t.intersection([
  t.type({ type: t.string, text: t.string }),
  t.partial({ lineId: LineIdCodec, sku: SkuCodec, name: t.string, wanted: t.number, available: t.number }),
]);
/** Why an order was rejected; `type` is a problem type such as `insufficient-stock`. */
export type RejectionReason = t.TypeOf<typeof RejectionReasonCodec>;

/** One rule of the check engine and what it found. */
export const CheckRuleCodec = t.type({
  code: t.string,
  outcome: literals('passed', 'failed', 'review'),
  text: t.string,
});
export type CheckRule = t.TypeOf<typeof CheckRuleCodec>;

/** Whether what came back can be sold again. */
export const ReturnConditionCodec = literals('sellable', 'damaged');

const By = literals('customer', 'staff', 'merchant', 'system');
const RefundReason = literals(
  'late_payment',
  'overpaid',
  'cancelled',
  'lines_cancelled',
  'return',
  'amendment',
  'goodwill',
);
const LineQtyCodec = t.type({ lineId: LineIdCodec, qty: t.number });

/** One change of an amendment. Another quantity, or another choice, of what is there is a line of its own. */
const AmendmentChangeCodec = t.union([
  t.type({ op: t.literal('add'), lineId: LineIdCodec, after: OrderLineCodec }),
  t.type({
    op: t.literal('drop'),
    lineId: LineIdCodec,
    /** Units that were wanted, and that are by now. */
    before: t.number,
    after: t.number,
    /** What the units between cost, tax included. */
    amount: MoneyCodec,
  }),
]);

/** What is unusual of an order, and what is not taken at all. */
export const CheckLimitsCodec = t.partial({
  /** In major units of the order's currency: above it somebody looks at the order. */
  reviewAbove: t.number,
  /** In major units: above it the order is declined. */
  rejectAbove: t.number,
  /** Units of one article above which somebody looks at the order. */
  reviewQuantityAbove: t.number,
  /** Postal prefixes that are served; absent: all. */
  zones: t.readonlyArray(t.string),
  /** In grams: above it somebody looks at the order. */
  reviewWeightAbove: t.number,
  /** In major units: above it somebody looks at the first order of a customer. */
  reviewNewAbove: t.number,
});

/** How orders are checked before they are accepted. */
export const ScreeningCodec = t.intersection([
  t.type({
    /** How long the check engine may take. */
    timeoutSeconds: t.number,
    /** What becomes of an order that the engine says nothing about in time. */
    onSilence: literals('hold', 'pass'),
  }),
  CheckLimitsCodec,
]);
export type Screening = t.TypeOf<typeof ScreeningCodec>;

/** What checks of a customer's earlier orders tell of them, at the moment of an order. */
export const CustomerRecordCodec = t.intersection([
  t.type({
    /** How many of their orders were checked; a thousand stands for more, too. */
    orders: t.number,
    flags: t.readonlyArray(literals('new', 'failed_before', 'reviewed_before')),
  }),
  /** When the first of them was placed. */
  t.partial({ since: t.string }),
]);
export type CustomerRecord = t.TypeOf<typeof CustomerRecordCodec>;

const definitions = {
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
  OrderChecked: {
    v: 1,
    data: t.type({
      checkId: CheckIdCodec,
      verdict: literals('passed', 'failed', 'review'),
      rules: t.readonlyArray(CheckRuleCodec),
      engine: t.string,
      engineVersion: t.string,
    }),
  },
  OrderHeld: {
    v: 1,
    data: t.intersection([
      t.type({
        kind: literals('review', 'shortage', 'mismatch', 'manual'),
        detail: t.string,
        /** RFC 3339; undecided by then, the order is rejected. */
        decideBy: t.string,
        resumeTo: literals('placed', 'awaiting_payment', 'confirmed'),
      }),
      t.partial({
        /** Articles that are suspended, each as its offer stood at a revision of its stream. */
        soldOut: t.readonlyArray(t.type({ sku: SkuCodec, revision: t.number })),
      }),
    ]),
  },
  OrderHoldResolved: {
    v: 1,
    data: t.intersection([
      t.type({ decision: literals('accept', 'reject', 'amend'), by: By }),
      t.partial({
        /** Until when an order that goes on waiting for its payment can be paid now. */
        paymentDueAt: t.string,
        /** What came as another amount than was asked for, and counts by this decision; and why, where somebody said so. */
        money: t.readonlyArray(t.type({ paymentId: PaymentIdCodec, intentId: t.string, amount: MoneyCodec })),
        reason: t.string,
        /** Who asks twice by the same name has decided once. */
        resolutionId: t.string,
      }),
    ]),
  },
  StockSecured: {
    v: 1,
    data: t.type({ reservations: t.readonlyArray(t.type({ lineId: LineIdCodec, reservationId: ReservationIdCodec })) }),
  },
  StockShort: { v: 1, data: t.type({ shortages: t.readonlyArray(ShortageCodec) }) },
  OrderRejected: { v: 1, data: t.type({ reasons: t.readonlyArray(RejectionReasonCodec) }) },
  OrderAccepted: {
    v: 1,
    data: t.intersection([
      t.type({ amountDue: MoneyCodec }),
      t.partial({ paymentId: PaymentIdCodec, paymentDueAt: t.string }),
    ]),
  },
  PaymentLinkAttached: { v: 1, data: t.type({ paymentId: PaymentIdCodec, url: t.string, expiresAt: t.string }) },
  /** Nobody can pay at that payment's page any more. */
  PaymentLinkDetached: { v: 1, data: t.type({ paymentId: PaymentIdCodec }) },
  /** More money is asked for, by a payment of its own. */
  PaymentRequested: {
    v: 1,
    data: t.intersection([
      t.type({
        paymentId: PaymentIdCodec,
        ordinal: t.number,
        amount: MoneyCodec,
        purpose: literals('additional'),
        dueAt: t.string,
      }),
      t.partial({
        /** A hash of whose request it was and of its key, where it had one: a repeat finds this payment again. */
        requestKey: t.string,
        /** The payment that the order waited for and that nobody can pay any more: from now on it waits for this one. */
        insteadOf: PaymentIdCodec,
      }),
    ]),
  },
  PaymentApplied: {
    v: 1,
    data: t.type({
      paymentId: PaymentIdCodec,
      intentId: t.string,
      amount: MoneyCodec,
      capturedTotal: MoneyCodec,
      method: t.string,
    }),
  },
  OrderConfirmed: {
    v: 1,
    data: t.intersection([
      t.type({ basis: literals('captured', 'authorized', 'pay_later', 'zero_total') }),
      /** What the provider holds for us, on the basis of an authorisation. */
      t.partial({ paymentId: PaymentIdCodec, authorized: MoneyCodec }),
    ]),
  },
  /** What the provider held for the order is let go, and was not taken: it is to be paid like any other. */
  AuthorizationLost: { v: 1, data: t.type({ paymentId: PaymentIdCodec }) },
  OrderExpired: { v: 1, data: t.type({ dueAt: t.string }) },
  OrderCancelled: {
    v: 1,
    data: t.intersection([t.type({ reason: t.string, by: By }), t.partial({ cancellationId: CancellationIdCodec })]),
  },
  CancellationRequested: {
    v: 1,
    data: t.intersection([
      t.type({ cancellationId: CancellationIdCodec, reason: t.string, by: By }),
      /** Stop the kitchen even where it has begun. */
      t.partial({ force: t.boolean }),
    ]),
  },
  CancellationDeclined: { v: 1, data: t.type({ cancellationId: CancellationIdCodec, cause: t.string }) },
  LinesCancelled: {
    v: 1,
    data: t.intersection([
      t.type({
        /** `amount` is what these units cost, tax included. */
        lines: t.readonlyArray(t.intersection([LineQtyCodec, t.type({ amount: MoneyCodec })])),
        reason: t.string,
        by: By,
      }),
      t.partial({ cancellationId: CancellationIdCodec }),
    ]),
  },
  /** Lines are to come and go as soon as there is stock for what comes. Until then the order is what it was. */
  AmendmentRequested: {
    v: 1,
    data: t.type({
      amendmentId: AmendmentIdCodec,
      add: t.readonlyArray(OrderLineCodec),
      drop: t.readonlyArray(LineQtyCodec),
      /** What becomes of what was paid too much. */
      settlement: literals('refund', 'none'),
      by: By,
    }),
  },
  /** Nothing comes of it: the order stays what it was. */
  AmendmentDeclined: {
    v: 1,
    data: t.intersection([
      t.type({ amendmentId: AmendmentIdCodec, cause: t.string }),
      /** What is not there, where that is the cause. */
      t.partial({ shortages: t.readonlyArray(ShortageCodec) }),
    ]),
  },
  /** Lines come and go after the order was confirmed. */
  OrderAmended: {
    v: 1,
    data: t.type({
      amendmentId: AmendmentIdCodec,
      changes: t.readonlyArray(AmendmentChangeCodec),
      /** What the order costs without what was cancelled. */
      totalBefore: MoneyCodec,
      totalAfter: MoneyCodec,
      /** Whether the difference is asked for, given back, or left as it is. */
      settlement: literals('payment', 'refund', 'none'),
      by: By,
    }),
  },
  FulfilmentStarted: {
    v: 1,
    data: t.type({
      tickets: t.readonlyArray(
        t.intersection([t.type({ ticketId: TicketIdCodec }), t.partial({ pickupNo: t.number })]),
      ),
      shipLines: t.readonlyArray(LineIdCodec),
    }),
  },
  FulfilmentProgressed: { v: 1, data: t.type({ stage: literals('queued', 'preparing', 'ready', 'in_transit') }) },
  LinesFulfilled: {
    v: 1,
    data: t.type({
      /** Id of the ticket or shipment that handed the lines over. */
      by: t.string,
      lines: t.readonlyArray(t.type({ lineId: LineIdCodec, qty: t.number })),
      how: literals('handed_over', 'delivered', 'served', 'digital'),
    }),
  },
  /** Set aside for a shipment: these units are in no other. */
  LinesAllotted: { v: 1, data: t.type({ shipmentId: ShipmentIdCodec, lines: t.readonlyArray(LineQtyCodec) }) },
  LinesDispatched: {
    v: 1,
    data: t.intersection([
      t.type({ shipmentId: ShipmentIdCodec, lines: t.readonlyArray(LineQtyCodec), carrier: t.string }),
      t.partial({ trackingNo: t.string }),
    ]),
  },
  /** The shipment does not arrive: its units are open again. */
  LinesReleased: {
    v: 1,
    data: t.type({ shipmentId: ShipmentIdCodec, why: literals('cancelled', 'returned', 'lost') }),
  },
  /** What is not named stays as it was. By the system: the kitchen promises it for then by now. */
  DeliveryChanged: {
    v: 1,
    data: t.intersection([
      t.type({ by: By }),
      t.partial({ contact: SealedCodec, address: SealedCodec, promisedAt: t.string }),
    ]),
  },
  OrderFulfilled: { v: 1, data: t.type({ at: t.string }) },
  /** Units that were handed over are back with us. */
  LinesReturned: {
    v: 1,
    data: t.intersection([
      t.type({
        returnId: ReturnIdCodec,
        lines: t.readonlyArray(t.intersection([LineQtyCodec, t.type({ condition: ReturnConditionCodec })])),
        by: By,
      }),
      t.partial({ reason: t.string }),
    ]),
  },
  OrderCompleted: { v: 1, data: t.type({ by: literals('customer', 'timer', 'staff') }) },
  RefundDue: {
    v: 1,
    data: t.intersection([
      t.type({
        /** The same for one cause, so that a repeat never asks for the money twice. */
        refundKey: t.string,
        amount: MoneyCodec,
        reason: RefundReason,
        approval: literals('auto', 'required'),
      }),
      t.partial({ lines: t.readonlyArray(LineQtyCodec), note: t.string }),
    ]),
  },
  RefundApplied: {
    v: 1,
    data: t.intersection([
      t.type({ paymentId: PaymentIdCodec, refundId: t.string, amount: MoneyCodec }),
      /** Made at the provider and not by us: nobody had asked the order for it. */
      t.partial({ foreign: t.boolean }),
    ]),
  },
  RefundFailedNoted: {
    v: 1,
    data: t.intersection([
      t.type({ paymentId: PaymentIdCodec, refundId: t.string, amount: MoneyCodec, code: t.string }),
      /** Foreign: made at the provider and not by us; nobody had asked the order for it. */
      t.partial({ reason: RefundReason, foreign: t.boolean }),
    ]),
  },
  NoteAdded: {
    v: 1,
    data: t.intersection([
      t.type({
        noteId: NoteIdCodec,
        /** Empty where it is sealed; in clear it stands in old events alone. */
        text: t.string,
        visibility: literals('staff', 'kitchen', 'customer'),
      }),
      t.partial({ sealed: SealedCodec }),
    ]),
  },
} as const;

/** Every event of an order, as a union discriminated by `type`. */
export type OrderEvent = EventOf<typeof definitions>;
export const orderEvents = eventCodec(definitions);
