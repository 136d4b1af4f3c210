import type { Sealed } from '../../../../src/domain/kernel/sealed.js';
import type { OrderCommand, OrderEvent, OrderStatus } from '../../../../src/domain/order/index.js';
import {
  aPayment,
  aShipment,
  aTicket,
  at,
  dueAt,
  eur,
  idOf,
  later,
  orderLine,
  placedOrder,
  sealedNote,
} from '../../../support/fixtures.js';

type Command<Type extends OrderCommand['type']> = Extract<OrderCommand, { type: Type }>;

export const acceptance = { paymentId: aPayment, paymentDueAt: dueAt };
export const reservations = [1, 2].map((n) => ({ lineId: idOf('line', n), reservationId: idOf('reservation', n) }));
export const link = { paymentId: aPayment, url: 'http://127.0.0.1:8081/pay/cs_1', expiresAt: dueAt };

export const orderPlaced = (change: Parameters<typeof placedOrder>[0] = {}): OrderEvent => ({
  type: 'OrderPlaced',
  data: placedOrder(change),
});
export const stockSecured: OrderEvent = { type: 'StockSecured', data: { reservations } };
export const stockShort: OrderEvent = {
  type: 'StockShort',
  data: {
    shortages: [
      { lineId: idOf('line', 2), sku: placedOrder().lines[1]!.sku, name: 'Thing 2', wanted: 2, available: 1 },
    ],
  },
};
export const orderRejected: OrderEvent = {
  type: 'OrderRejected',
  data: {
    reasons: [
      {
        type: 'insufficient-stock',
        text: 'Thing 2: 2 wanted, 1 available',
        lineId: idOf('line', 2),
        sku: placedOrder().lines[1]!.sku,
        name: 'Thing 2',
        wanted: 2,
        available: 1,
      },
    ],
  },
};
export const orderAccepted: OrderEvent = { type: 'OrderAccepted', data: { amountDue: eur(2000), ...acceptance } };
export const linkAttached: OrderEvent = { type: 'PaymentLinkAttached', data: link };
export const paymentApplied = (amount = 2000, intentId = 'pi_1', before = 0): OrderEvent => ({
  type: 'PaymentApplied',
  data: { paymentId: aPayment, intentId, amount: eur(amount), capturedTotal: eur(before + amount), method: 'card' },
});
export const orderConfirmed: OrderEvent = { type: 'OrderConfirmed', data: { basis: 'captured' } };
export const orderExpired: OrderEvent = { type: 'OrderExpired', data: { dueAt } };
export const orderCancelled: OrderEvent = {
  type: 'OrderCancelled',
  data: { reason: 'changed my mind', by: 'customer', cancellationId: idOf('cancellation', 1) },
};
export const fulfilmentStarted: OrderEvent = {
  type: 'FulfilmentStarted',
  data: { tickets: [{ ticketId: aTicket }], shipLines: [] },
};
export const progressed = (stage: 'queued' | 'preparing' | 'ready' | 'in_transit'): OrderEvent => ({
  type: 'FulfilmentProgressed',
  data: { stage },
});
export const allLines = [1, 2].map((n) => ({ lineId: idOf('line', n), qty: 2 }));
export const linesFulfilled = (lines = allLines): OrderEvent => ({
  type: 'LinesFulfilled',
  data: { by: aTicket, lines, how: 'handed_over' },
});
export const orderFulfilled: OrderEvent = { type: 'OrderFulfilled', data: { at } };
export const orderCompleted: OrderEvent = { type: 'OrderCompleted', data: { by: 'timer' } };
type RefundReason = Extract<OrderEvent, { type: 'RefundDue' }>['data']['reason'];
export const refundDue = (amount: number, reason: RefundReason, refundKey: string): OrderEvent => ({
  type: 'RefundDue',
  data: { refundKey, amount: eur(amount), reason, approval: 'auto' },
});
const aCheck = idOf('check', 1);
export const aCancellation = idOf('cancellation', 1);
export const anAmendment = idOf('amendment', 1);
const aNote = idOf('note', 1);
export const aRefund = idOf('refund', 1);
type Held = Extract<OrderEvent, { type: 'OrderHeld' }>['data'];
export const orderHeld = (change: Partial<Held> = {}): OrderEvent => ({
  type: 'OrderHeld',
  data: { kind: 'manual', detail: 'a strange order', decideBy: later, resumeTo: 'placed', ...change },
});
export const holdResolved = (
  decision: 'accept' | 'reject' | 'amend',
  by: 'staff' | 'system' = 'staff',
): OrderEvent => ({
  type: 'OrderHoldResolved',
  data: { decision, by },
});
export const cancellationRequested: OrderEvent = {
  type: 'CancellationRequested',
  data: { cancellationId: aCancellation, reason: 'changed my mind', by: 'customer' },
};
export const cancellationDeclined = (cause = 'the kitchen has begun'): OrderEvent => ({
  type: 'CancellationDeclined',
  data: { cancellationId: aCancellation, cause },
});
/** The payments by which a difference may be asked for. */
export const nextPayments = [2, 3].map((ordinal) => ({ paymentId: idOf('payment', ordinal), ordinal, dueAt }));
type Requested = Extract<OrderEvent, { type: 'AmendmentRequested' }>['data'];
/** One of line 3 instead of both of line 1, which has to be in stock first. */
export const amendmentRequested = (change: Partial<Requested> = {}): OrderEvent => ({
  type: 'AmendmentRequested',
  data: {
    amendmentId: anAmendment,
    add: [orderLine(3, { qty: 1 })],
    drop: [{ lineId: idOf('line', 1), qty: 2 }],
    settlement: 'refund',
    by: 'staff',
    ...change,
  },
});
/** Units of the order's lines, by their number. */
export const unitsOf = (units: Readonly<Record<number, number>>) =>
  Object.entries(units).map(([line, qty]) => ({ lineId: idOf('line', Number(line)), qty }));
export const linesCancelled = (
  units: Readonly<Record<number, number>>,
  cause: Partial<Extract<OrderEvent, { type: 'LinesCancelled' }>['data']> = {},
): OrderEvent => ({
  type: 'LinesCancelled',
  data: {
    lines: unitsOf(units).map((line) => ({ ...line, amount: eur(500 * line.qty) })),
    reason: 'no tuna today',
    by: 'staff',
    ...cause,
  },
});

export const linesReturned = (
  lines: Extract<OrderEvent, { type: 'LinesReturned' }>['data']['lines'] = [
    { lineId: idOf('line', 1), qty: 1, condition: 'sellable' },
  ],
  n = 1,
): OrderEvent => ({ type: 'LinesReturned', data: { returnId: idOf('return', n), lines, by: 'staff' } });

export const linesAllotted = (
  units: Readonly<Record<number, number>> = { 1: 2, 2: 2 },
  shipmentId = aShipment,
): OrderEvent => ({ type: 'LinesAllotted', data: { shipmentId, lines: unitsOf(units) } });
export const linesDispatched = (
  units: Readonly<Record<number, number>> = { 1: 2, 2: 2 },
  shipmentId = aShipment,
): OrderEvent => ({
  type: 'LinesDispatched',
  data: { shipmentId, lines: unitsOf(units), carrier: 'post', trackingNo: 'RR1' },
});
export const linesReleased = (
  why: 'cancelled' | 'returned' | 'lost' = 'cancelled',
  shipmentId = aShipment,
): OrderEvent => ({ type: 'LinesReleased', data: { shipmentId, why } });

const placed = [orderPlaced()];
const awaiting = [...placed, stockSecured, orderAccepted];
const confirmed = [...awaiting, linkAttached, paymentApplied(), orderConfirmed];
const inFulfilment = [...confirmed, fulfilmentStarted];
const fulfilled = [...inFulfilment, progressed('preparing'), progressed('ready'), linesFulfilled(), orderFulfilled];

/** How an order comes to each status, the way it usually goes. */
export const histories: Readonly<Record<OrderStatus | 'none', readonly OrderEvent[]>> = {
  none: [],
  placed,
  on_hold: [...placed, orderHeld()],
  awaiting_payment: awaiting,
  confirmed,
  in_fulfilment: inFulfilment,
  fulfilled,
  completed: [...fulfilled, orderCompleted],
  rejected: [...placed, stockShort, orderRejected],
  expired: [...awaiting, orderExpired],
  cancelled: [...awaiting, orderCancelled],
};

const toShip = [
  orderPlaced({ mode: 'shipping' }),
  ...confirmed.slice(1),
  { type: 'FulfilmentStarted', data: { tickets: [], shipLines: allLines.map(({ lineId }) => lineId) } } as const,
];
/** How an order that is sent by parcel goes its way. */
export const shipped = {
  to_ship: toShip,
  allotted: [...toShip, linesAllotted()],
  dispatched: [...toShip, linesAllotted(), linesDispatched(), progressed('in_transit')],
  released: [...toShip, linesAllotted(), linesReleased()],
  delivered: [
    ...toShip,
    linesAllotted(),
    linesDispatched(),
    progressed('in_transit'),
    { type: 'LinesFulfilled', data: { by: aShipment, lines: allLines, how: 'delivered' } } as const,
    orderFulfilled,
  ],
} satisfies Readonly<Record<string, readonly OrderEvent[]>>;

/** One of each command, such as an order on its usual way gets. */
export const commands: { readonly [Type in OrderCommand['type']]: Command<Type> } = {
  PlaceOrder: { type: 'PlaceOrder', order: placedOrder(), acceptance, allowedModes: ['pickup', 'dine_in'] },
  RecordStockSecured: { type: 'RecordStockSecured', reservations, acceptance },
  RecordStockShort: {
    type: 'RecordStockShort',
    shortages: stockShort.type === 'StockShort' ? stockShort.data.shortages : [],
    decideBy: later,
  },
  RecordCheckResult: {
    type: 'RecordCheckResult',
    checkId: aCheck,
    verdict: 'passed',
    rules: [{ code: 'amount', outcome: 'passed', text: 'not too much' }],
    engine: 'rules',
    engineVersion: '1',
    decideBy: later,
    acceptance,
  },
  HoldOrder: { type: 'HoldOrder', kind: 'manual', detail: 'a strange order', decideBy: later },
  ResolveHold: { type: 'ResolveHold', decision: 'accept', by: 'staff', at, acceptance },
  AttachPaymentLink: { type: 'AttachPaymentLink', ...link },
  DetachPaymentLink: { type: 'DetachPaymentLink', paymentId: aPayment },
  ApplyPayment: { type: 'ApplyPayment', paymentId: aPayment, intentId: 'pi_1', amount: eur(2000), method: 'card' },
  RequestPayment: { type: 'RequestPayment', paymentId: idOf('payment', 2), ordinal: 2, dueAt, at },
  ConfirmAuthorized: { type: 'ConfirmAuthorized', paymentId: aPayment, authorized: eur(2000) },
  RecordAuthorizationLost: { type: 'RecordAuthorizationLost', paymentId: aPayment },
  ConfirmPayLater: { type: 'ConfirmPayLater', allowed: true },
  ExpireOrder: { type: 'ExpireOrder', at: dueAt },
  RequestCancellation: {
    type: 'RequestCancellation',
    cancellationId: aCancellation,
    reason: 'changed my mind',
    by: 'customer',
  },
  SettleCancellation: {
    type: 'SettleCancellation',
    cancellationId: aCancellation,
    stopped: allLines,
    cause: 'the kitchen has begun',
    at,
  },
  CancelLines: {
    type: 'CancelLines',
    cancellationId: idOf('cancellation', 2),
    lines: unitsOf({ 1: 1 }),
    reason: 'no tuna today',
    by: 'staff',
    at,
  },
  AmendOrder: {
    type: 'AmendOrder',
    amendmentId: anAmendment,
    add: [orderLine(3, { qty: 1 })],
    drop: unitsOf({ 1: 2 }),
    settlement: 'refund',
    by: 'staff',
    at,
    payments: nextPayments,
    maximum: eur(100_000),
  },
  SettleAmendment: {
    type: 'SettleAmendment',
    amendmentId: anAmendment,
    reserved: [idOf('line', 3)],
    payments: nextPayments,
  },
  DeclineAmendment: {
    type: 'DeclineAmendment',
    amendmentId: anAmendment,
    cause: 'Thing 3: 1 wanted, 0 available',
    shortages: [{ lineId: idOf('line', 3), sku: orderLine(3).sku, name: 'Thing 3', wanted: 1, available: 0 }],
  },
  StartFulfilment: { type: 'StartFulfilment', tickets: [{ ticketId: aTicket }], shipLines: [] },
  RecordProgress: { type: 'RecordProgress', stage: 'preparing' },
  RecordLinesFulfilled: { type: 'RecordLinesFulfilled', by: aTicket, lines: allLines, how: 'handed_over', at },
  GrantRefund: {
    type: 'GrantRefund',
    refundKey: 'wish:1',
    refund: { amount: eur(300) },
    reason: 'goodwill',
    automaticUpTo: 5000,
  },
  RecordRefund: {
    type: 'RecordRefund',
    paymentId: aPayment,
    refundId: aRefund,
    amount: eur(300),
    outcome: 'succeeded',
  },
  RecordReturn: {
    type: 'RecordReturn',
    returnId: idOf('return', 1),
    lines: [{ lineId: idOf('line', 1), qty: 1, condition: 'sellable' }],
    by: 'staff',
  },
  CompleteOrder: { type: 'CompleteOrder', by: 'timer' },
  AllotLines: { type: 'AllotLines', shipmentId: aShipment, lines: allLines },
  RecordDispatch: { type: 'RecordDispatch', shipmentId: aShipment, carrier: 'post', trackingNo: 'RR1' },
  RecordRelease: { type: 'RecordRelease', shipmentId: aShipment, why: 'cancelled' },
  ChangeDelivery: { type: 'ChangeDelivery', address: 'sealed:elsewhere' as Sealed, by: 'customer' },
  ChangePromise: { type: 'ChangePromise', promisedAt: '2024-05-04T18:00:00.000Z', by: 'customer' },
  RecordPromise: { type: 'RecordPromise', promisedAt: '2024-05-04T18:00:00.000Z' },
  RecordPickupNumber: { type: 'RecordPickupNumber', ticketId: aTicket, pickupNo: 3 },
  AddNote: { type: 'AddNote', noteId: aNote, sealed: sealedNote('ring twice'), visibility: 'staff' },
};
