import fc from 'fast-check';
import type { Sealed } from '../../../src/domain/kernel/sealed.js';
import type { OrderCommand } from '../../../src/domain/order/index.js';
import { at, aTicket, dueAt, eur, idOf, later, orderLine, placedOrder, sealedNote } from '../../support/fixtures.js';

const lineIds = [1, 2, 3].map((n) => idOf('line', n)); // the third is no line of the order
export const lines = [orderLine(1, { qty: 3 }), orderLine(2, { track: false })];
const acceptance = { paymentId: idOf('payment', 1), paymentDueAt: dueAt };
const required = fc.constantFrom('required' as const, 'skipped' as const);

export const place: fc.Arbitrary<Extract<OrderCommand, { type: 'PlaceOrder' }>> = fc
  .record({
    stock: required,
    check: required,
    total: fc.constantFrom(0, 2500),
    onShortage: fc.constantFrom('hold' as const, 'reject' as const),
    paymentMode: fc.constantFrom('prepay' as const, 'pay_later' as const),
    mode: fc.constantFrom('pickup' as const, 'shipping' as const, 'delivery' as const),
    fee: fc.constantFrom(0, 290),
    tip: fc.constantFrom(0, 160),
  })
  .map(({ stock, check, total, paymentMode, onShortage, mode, fee, tip }) => ({
    type: 'PlaceOrder',
    order: placedOrder({
      lines: total === 0 ? lines.map((line) => ({ ...line, gross: eur(0), net: eur(0), unitPrice: eur(0) })) : lines,
      deliveryFee: eur(fee),
      tip: eur(tip),
      total: eur(total + fee + tip),
      mode,
      paymentMode,
      gates: { check, stock, discounts: 'skipped' },
      onShortage,
    }),
    acceptance,
    allowedModes: ['pickup', 'shipping', 'delivery'],
  }));
const paymentIds = fc.constantFrom(idOf('payment', 1), idOf('payment', 2));
const cancellationIds = fc.constantFrom(idOf('cancellation', 1), idOf('cancellation', 2), idOf('cancellation', 3));
/** Mostly units that there may be. */
const someLines = fc.array(
  fc.record({
    lineId: fc.constantFrom(lineIds[0]!, lineIds[0]!, lineIds[1]!, lineIds[1]!, lineIds[2]!),
    qty: fc.constantFrom(1, 1, 1, 2, 2, 3, 0),
  }),
  { maxLength: 3 },
);
const handOver = fc
  .record({
    by: fc.constantFrom<string>('tkt_1', 'tkt_2', idOf('shipment', 1), idOf('shipment', 2)),
    lines: fc.array(fc.record({ lineId: fc.constantFrom(...lineIds), qty: fc.integer({ min: -1, max: 4 }) }), {
      maxLength: 3,
    }),
  })
  .map((told) => ({ type: 'RecordLinesFulfilled', ...told, how: 'handed_over', at }) as const);

type Command<Type extends OrderCommand['type']> = Extract<OrderCommand, { type: Type }>;
const shipmentIds = fc.constantFrom(idOf('shipment', 1), idOf('shipment', 2), idOf('shipment', 3));
const bys = fc.constantFrom('staff' as const, 'customer' as const);

const amendmentNumbers = fc.constantFrom(1, 2, 3);
const nextPayments = (first: number) =>
  [first, first + 1].map((ordinal) => ({ paymentId: idOf('payment', ordinal), ordinal, dueAt: later }));

/** Every command that there is, each in many shapes: one that is left out does not compile. */
export const everyCommand: { readonly [Type in OrderCommand['type']]: fc.Arbitrary<Command<Type>> } = {
  PlaceOrder: place,
  RecordStockSecured: fc
    .constantFrom([{ lineId: idOf('line', 1), reservationId: idOf('reservation', 1) }], [])
    .map((reservations) => ({ type: 'RecordStockSecured', reservations, acceptance })),
  RecordStockShort: fc.constant({
    type: 'RecordStockShort',
    shortages: [{ lineId: idOf('line', 1), sku: lines[0]!.sku, name: 'Thing 1', wanted: 3, available: 0 }],
    decideBy: dueAt,
  }),
  RecordCheckResult: fc
    .record({
      checkId: fc.constantFrom(idOf('check', 1), idOf('check', 2)),
      verdict: fc.constantFrom('passed' as const, 'failed' as const, 'review' as const),
    })
    .map(({ checkId, verdict }) => ({
      type: 'RecordCheckResult',
      checkId,
      verdict,
      rules: [],
      engine: 'rules',
      engineVersion: '1',
      decideBy: dueAt,
      acceptance,
    })),
  HoldOrder: fc
    .constantFrom('review' as const, 'shortage' as const, 'mismatch' as const, 'manual' as const)
    .map((kind) => ({ type: 'HoldOrder', kind, detail: 'why', decideBy: dueAt })),
  ResolveHold: fc
    .record({
      decision: fc.constantFrom('accept' as const, 'accept' as const, 'reject' as const, 'amend' as const),
      by: bys,
      lines: someLines,
    })
    .map((decided) => ({ type: 'ResolveHold', ...decided, at, acceptance })),
  ConfirmAuthorized: paymentIds.map((paymentId) => ({
    type: 'ConfirmAuthorized',
    paymentId,
    authorized: eur(2500),
  })),
  RecordAuthorizationLost: paymentIds.map((paymentId) => ({ type: 'RecordAuthorizationLost', paymentId })),
  ConfirmPayLater: fc.boolean().map((allowed) => ({ type: 'ConfirmPayLater', allowed })),
  RequestPayment: fc
    .record({ ordinal: fc.constantFrom(2, 3), asked: fc.constantFrom(at, dueAt) })
    .map(({ ordinal, asked }) => ({
      type: 'RequestPayment',
      paymentId: idOf('payment', ordinal),
      ordinal,
      dueAt: later,
      at: asked,
    })),
  SettleCancellation: fc
    .record({ cancellationId: cancellationIds, stopped: someLines })
    .map((settled) => ({ type: 'SettleCancellation', ...settled, cause: 'begun', at })),
  CancelLines: fc
    .record({ cancellationId: cancellationIds, lines: someLines, by: bys })
    .map((asked) => ({ type: 'CancelLines', ...asked, reason: 'why', at })),
  GrantRefund: fc
    .record({
      refundKey: fc.constantFrom('wish:1', 'wish:2', 'wish:3'),
      refund: fc.oneof(
        fc.constantFrom(-1, 0, 100, 3000).map((amount) => ({ amount: eur(amount) })),
        someLines.map((wanted) => ({ lines: wanted })),
      ),
    })
    .map((wish) => ({ type: 'GrantRefund', ...wish, reason: 'goodwill', automaticUpTo: 500 })),
  RecordRefund: fc
    .record({
      paymentId: paymentIds,
      refundId: fc.constantFrom(idOf('refund', 1), idOf('refund', 2)),
      amount: fc.constantFrom(100, 1000).map(eur),
      end: fc.constantFrom(
        { outcome: 'succeeded' as const },
        { outcome: 'succeeded' as const, foreign: true },
        { outcome: 'failed' as const, code: 'lost' },
        { outcome: 'failed' as const, code: 'lost', foreign: true },
      ),
    })
    .map(({ end, ...told }) => ({ type: 'RecordRefund', ...told, ...end })),
  AmendOrder: fc
    .record({
      amendment: amendmentNumbers,
      add: fc.array(
        fc.record({
          n: fc.constantFrom(1, 2),
          qty: fc.constantFrom(1, 2, 3),
          price: fc.constantFrom(0, 333, 500),
          track: fc.boolean(),
        }),
        { maxLength: 2 },
      ),
      drop: someLines,
      settlement: fc.constantFrom('refund' as const, 'none' as const),
      by: bys,
      ordinal: fc.constantFrom(2, 3),
    })
    .map(({ amendment, add, ordinal, ...wish }) => ({
      type: 'AmendOrder',
      ...wish,
      amendmentId: idOf('amendment', amendment),
      add: add.map(({ n, qty, price, track }, place) => ({
        ...orderLine(n, { qty, unitPrice: eur(price), track }),
        lineId: idOf('line', 100 * amendment + place),
      })),
      at,
      payments: nextPayments(ordinal),
      maximum: eur(8_000),
    })),
  SettleAmendment: fc
    .record({ amendment: amendmentNumbers, ordinal: fc.constantFrom(2, 3), places: fc.constantFrom([0, 1], [0], []) })
    .map(({ amendment, ordinal, places }) => ({
      type: 'SettleAmendment',
      amendmentId: idOf('amendment', amendment),
      reserved: places.map((one) => idOf('line', 100 * amendment + one)),
      payments: nextPayments(ordinal),
    })),
  DeclineAmendment: amendmentNumbers.map((amendment) => ({
    type: 'DeclineAmendment',
    amendmentId: idOf('amendment', amendment),
    cause: 'it is not in stock',
  })),
  AddNote: fc.constant({
    type: 'AddNote',
    noteId: idOf('note', 1),
    sealed: sealedNote('hello'),
    visibility: 'kitchen',
  }),
  AttachPaymentLink: paymentIds.map((paymentId) => ({
    type: 'AttachPaymentLink',
    paymentId,
    url: 'http://pay',
    expiresAt: dueAt,
  })),
  DetachPaymentLink: paymentIds.map((paymentId) => ({ type: 'DetachPaymentLink', paymentId })),
  ApplyPayment: fc
    .record({
      paymentId: paymentIds,
      intentId: fc.constantFrom('pi_1', 'pi_2', 'pi_3'),
      amount: fc.constantFrom(-1, 0, 1, 1000, 2500, 2950).map(eur),
    })
    .map((money) => ({ type: 'ApplyPayment', ...money, method: 'card' })),
  ExpireOrder: fc.constant({ type: 'ExpireOrder', at: dueAt }),
  RequestCancellation: fc
    .record({ cancellationId: cancellationIds, by: bys, force: fc.boolean() })
    .map((asked) => ({ type: 'RequestCancellation', ...asked, reason: 'no time' })),
  StartFulfilment: fc
    .constantFrom([{ ticketId: idOf('ticket', 1) }], [{ ticketId: idOf('ticket', 2) }], [])
    .map((tickets) => ({ type: 'StartFulfilment', tickets, shipLines: [] })),
  RecordProgress: fc
    .record({
      stage: fc.constantFrom('queued' as const, 'preparing' as const, 'ready' as const, 'in_transit' as const),
      again: fc.boolean(),
    })
    .map((progress) => ({ type: 'RecordProgress', ...progress })),
  RecordLinesFulfilled: handOver,
  AllotLines: fc
    .record({ shipmentId: shipmentIds, lines: someLines, openOnly: fc.boolean() })
    .map(({ openOnly, ...wish }) => ({ type: 'AllotLines', ...wish, ...(openOnly ? { openOnly } : {}) })),
  RecordDispatch: shipmentIds.map((shipmentId) => ({ type: 'RecordDispatch', shipmentId, carrier: 'post' })),
  RecordRelease: fc
    .record({ shipmentId: shipmentIds, why: fc.constantFrom('cancelled' as const, 'returned' as const) })
    .map((told) => ({ type: 'RecordRelease', ...told })),
  ChangeDelivery: fc
    .constantFrom('sealed:here' as Sealed, 'sealed:there' as Sealed)
    .map((address) => ({ type: 'ChangeDelivery', address, by: 'customer' })),
  ChangePromise: fc
    .constantFrom('2024-05-04T18:00:00.000Z', '2024-05-04T18:30:00.000Z')
    .map((promisedAt) => ({ type: 'ChangePromise', promisedAt, by: 'customer' })),
  RecordPromise: fc
    .constantFrom('2024-05-04T18:00:00.000Z', '2024-05-04T18:15:00.000Z')
    .map((promisedAt) => ({ type: 'RecordPromise', promisedAt })),
  RecordPickupNumber: fc
    .constantFrom(3, 17)
    .map((pickupNo) => ({ type: 'RecordPickupNumber', ticketId: aTicket, pickupNo })),
  RecordReturn: fc
    .record({
      returnId: fc.constantFrom(1, 2, 3).map((n) => idOf('return', n)),
      lines: someLines,
      condition: fc.constantFrom('sellable' as const, 'damaged' as const),
    })
    .map(({ returnId, lines: back, condition }) => ({
      type: 'RecordReturn',
      returnId,
      lines: back.map((line) => ({ ...line, condition })),
      by: 'staff',
    })),
  CompleteOrder: fc.constant({ type: 'CompleteOrder', by: 'timer' }),
};
export const anyCommand: fc.Arbitrary<OrderCommand> = fc.oneof(
  ...Object.values<fc.Arbitrary<OrderCommand>>(everyCommand),
);
