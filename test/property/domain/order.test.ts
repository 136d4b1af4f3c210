import { expect } from 'chai';
import fc from 'fast-check';
import { fraction } from '../../../src/domain/kernel/money.js';
import type { Sealed } from '../../../src/domain/kernel/sealed.js';
import {
  order,
  type Order,
  type OrderCommand,
  type OrderEvent,
  owedFor,
  representOrder,
} from '../../../src/domain/order/index.js';
import { at, aTicket, dueAt, eur, idOf, later, orderLine, placedOrder, sealedNote } from '../../support/fixtures.js';
import { orderArrows as arrows } from '../../support/stateMachines/arrows.js';
import { type Stride, walk } from '../../support/walk.js';
import { histories, shipped } from '../../unit/domain/order/histories.js';

const lineIds = [1, 2, 3].map((n) => idOf('line', n)); // the third is no line of the order
const lines = [orderLine(1, { qty: 3 }), orderLine(2, { track: false })];
const acceptance = { paymentId: idOf('payment', 1), paymentDueAt: dueAt };
const required = fc.constantFrom('required' as const, 'skipped' as const);

const place: fc.Arbitrary<Extract<OrderCommand, { type: 'PlaceOrder' }>> = fc
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
const everyCommand: { readonly [Type in OrderCommand['type']]: fc.Arbitrary<Command<Type>> } = {
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
const anyCommand: fc.Arbitrary<OrderCommand> = fc.oneof(...Object.values<fc.Arbitrary<OrderCommand>>(everyCommand));
interface Walk {
  /** Where the order stands when the walk begins. */
  readonly history: readonly OrderEvent[];
  readonly commands: readonly OrderCommand[];
}
/** Some walks begin with an order that is placed, some try everything else first, and some begin where few would get by chance. */
const walks: fc.Arbitrary<Walk> = fc.oneof(
  fc
    .tuple(fc.option(place), fc.array(anyCommand, { maxLength: 40 }))
    .map(([first, rest]): Walk => ({ history: [], commands: first ? [first, ...rest] : rest })),
  fc.record({
    history: fc.constantFrom(histories.confirmed, histories.in_fulfilment, shipped.to_ship, shipped.allotted),
    commands: fc.array(anyCommand, { maxLength: 25 }),
  }),
  // what comes and goes, and what stands in its way
  fc.record({
    history: fc.constantFrom(histories.confirmed, histories.in_fulfilment),
    commands: fc.array(
      fc.oneof(
        everyCommand.AmendOrder,
        everyCommand.SettleAmendment,
        everyCommand.SettleAmendment,
        everyCommand.DeclineAmendment,
        everyCommand.CancelLines,
        everyCommand.ApplyPayment,
        everyCommand.RequestPayment,
        everyCommand.RecordLinesFulfilled,
        everyCommand.RequestCancellation,
        everyCommand.SettleCancellation,
        everyCommand.HoldOrder,
      ),
      { maxLength: 20 },
    ),
  }),
  // what comes back
  fc.record({
    history: fc.constantFrom(histories.fulfilled, shipped.delivered),
    commands: fc.array(fc.oneof(everyCommand.RecordReturn, everyCommand.CompleteOrder), { maxLength: 8 }),
  }),
  // what happens to the units of an order, and little else
  fc.record({
    history: fc.constantFrom(shipped.to_ship, shipped.allotted),
    commands: fc.array(
      fc.oneof(
        everyCommand.AllotLines,
        everyCommand.RecordDispatch,
        everyCommand.RecordRelease,
        everyCommand.CancelLines,
        everyCommand.RecordLinesFulfilled,
        everyCommand.RequestCancellation,
        everyCommand.SettleCancellation,
      ),
      { maxLength: 15 },
    ),
  }),
);

function expectSound(state: Order): void {
  if (state.status === 'none') return;
  expect(new Set(state.returns).size, 'each return once').to.equal((state.returns ?? []).length);
  for (const { qty, cancelled, fulfilled, returned = 0 } of state.lines) {
    expect(returned).to.be.within(0, fulfilled);
    expect(fulfilled).to.be.at.least(0);
    expect(cancelled).to.be.at.least(0);
    expect(cancelled + fulfilled).to.be.at.most(qty);
  }
  expect(state.refundDue.amount).to.be.within(0, state.captured.amount);
  // what brings it, and what was given on top, stays owed as long as anything is
  const { details } = state;
  const kept = state.lines.map(({ net, qty, cancelled }) => net.amount - fraction(net, cancelled, qty).amount);
  const onTop = details.deliveryFee.amount + details.tip.amount;
  expect(owedFor(state).amount).to.equal(kept.reduce((sum, amount) => sum + amount, onTop));
  const confirmed = ['confirmed', 'in_fulfilment', 'fulfilled', 'completed'].includes(state.status);
  if (confirmed) {
    for (const gate of Object.values(state.gates)) expect(gate).to.be.oneOf(['passed', 'secured', 'skipped']);
    // what came on top is asked for after the order was confirmed
    const added = new Set((state.amendments ?? []).flatMap((one) => one.added));
    const later = state.lines.reduce((sum, { lineId, net }) => (added.has(lineId) ? sum + net.amount : sum), 0);
    const paid = state.captured.amount >= owedFor(state).amount - later;
    const held = state.authorized !== undefined || state.authorizationLost === true;
    const trusted = state.details.paymentMode === 'pay_later' || state.confirmedLater || held;
    expect(paid || trusted, 'confirmed without money').to.equal(true);
  }
  const nothingOpen = state.lines.every(({ qty, cancelled, fulfilled }) => qty === cancelled + fulfilled);
  if (!['cancelled', 'rejected', 'expired'].includes(state.status)) {
    expect(nothingOpen).to.equal(['fulfilled', 'completed'].includes(state.status));
  }
}

/**
 * A unit goes into a shipment, or is called off by itself, only from where it is free. (A whole cancellation takes shipments
 * back first, and the order hears of that afterwards.)
 */
function expectOnePlace({ command, events, after }: Stride<Order, OrderCommand, OrderEvent>): void {
  if (after.status === 'none') return;
  const touched = events.flatMap((event) => {
    if (event.type === 'LinesAllotted') return event.data.lines;
    return event.type === 'LinesCancelled' && command.type === 'CancelLines' ? event.data.lines : [];
  });
  for (const { lineId } of touched) {
    const line = after.lines.find((one) => one.lineId === lineId);
    const underWay = after.shipments
      .filter((one) => one.state === 'allotted' || one.state === 'dispatched')
      .flatMap((one) => one.lines)
      .reduce((sum, one) => (one.lineId === lineId ? sum + one.qty : sum), 0);
    const used = (line?.cancelled ?? 0) + (line?.fulfilled ?? 0) + underWay;
    expect(used, `a unit in two places by ${command.type}`).to.be.at.most(line?.qty ?? 0);
  }
}

/** An amendment that waits, or is declined, leaves the order's goods and its price alone; no payment is asked for twice. */
function expectAskedFirst({ command, before, after, events }: Stride<Order, OrderCommand, OrderEvent>): void {
  if (before.status === 'none' || after.status === 'none') return;
  if (events.some(({ type }) => type === 'AmendmentRequested' || type === 'AmendmentDeclined')) {
    expect(events, `besides, by ${command.type}`).to.have.length(1);
    expect([after.lines, after.details, after.requested]).to.deep.equal([
      before.lines,
      before.details,
      before.requested,
    ]);
  }
  const waiting = (after.askedAmendments ?? []).filter(({ state }) => state === 'pending');
  expect(waiting.length, 'amendments that wait').to.be.at.most(1);
  const payments = (after.requested ?? []).map(({ paymentId }) => paymentId);
  expect(new Set(payments).size, 'payments that were asked for').to.equal(payments.length);
}

/** Whatever a decision ends, or takes out of an order, goes back in the same breath, as far as it was paid. */
function expectPaidBack(before: Order, after: Order): void {
  if (before.status === 'none' || after.status === 'none') return;
  if (DEAD.has(after.status) && !DEAD.has(before.status)) {
    expect(after.captured.amount - after.refundDue.amount, 'kept of an order that ends').to.equal(0);
  }
}

const DEAD: ReadonlySet<string> = new Set(['rejected', 'expired', 'cancelled']);

describe('an order, whatever is asked of it', () => {
  it('never reaches an illegal state, and folds to the same state again', () => {
    fc.assert(
      fc.property(walks, ({ history, commands }) => {
        const check = (stride: Stride<Order, OrderCommand, OrderEvent>): void => {
          const { before, after } = stride;
          if (after.status !== before.status) expect(arrows[before.status]).to.include(after.status);
          expectSound(after);
          expectOnePlace(stride);
          expectAskedFirst(stride);
          expectPaidBack(before, after);
          expect(representOrder(after, 0)?.status).to.equal(after.status === 'none' ? undefined : after.status);
        };
        walk(order, commands, check, history);
      }),
      { numRuns: 1_000 },
    );
  });

  it('takes units of a line out for what they cost, so that all of them cost what the line did', () => {
    const odd = [orderLine(1, { qty: 3, unitPrice: eur(333), net: eur(1000) }), orderLine(2, { qty: 1 })];
    const total = eur(1500);
    const confirmed: OrderEvent[] = [
      { type: 'OrderPlaced', data: placedOrder({ lines: odd, total }) },
      { type: 'OrderConfirmed', data: { basis: 'pay_later' } },
    ];
    fc.assert(
      fc.property(fc.constantFrom([1, 1, 1], [2, 1], [1, 2], [3]), (parts) => {
        const commands = parts.map((qty, n): OrderCommand => ({
          type: 'CancelLines',
          cancellationId: idOf('cancellation', n + 1),
          lines: [{ lineId: idOf('line', 1), qty }],
          reason: 'why',
          by: 'staff',
          at,
        }));
        const state = walk(order, commands, () => undefined, confirmed);
        expect(state.status === 'none' ? 0 : state.cancelledAmount.amount).to.equal(1000);
      }),
    );
  });

  it('asks for a refund once for each cause, and never for more than it was paid', () => {
    fc.assert(
      fc.property(walks, ({ history, commands }) => {
        const events: OrderEvent[] = [...history];
        walk(order, commands, (stride) => events.push(...stride.events), history);
        const refunds = events.flatMap((event) => (event.type === 'RefundDue' ? [event.data] : []));
        const captures = events.flatMap((event) => (event.type === 'PaymentApplied' ? [event.data] : []));
        expect(new Set(refunds.map(({ refundKey }) => refundKey)).size).to.equal(refunds.length);
        expect(new Set(captures.map(({ paymentId, intentId }) => `${paymentId} ${intentId}`)).size).to.equal(
          captures.length,
        );
        const sum = (parts: readonly { readonly amount: { readonly amount: number } }[]): number =>
          parts.reduce((all, { amount }) => all + amount.amount, 0);
        const failed = events.flatMap((event) => (event.type === 'RefundFailedNoted' ? [event.data] : []));
        expect(sum(refunds)).to.be.at.most(sum(captures) + sum(failed));
      }),
      { numRuns: 300 },
    );
  });
});
