import { expect } from 'chai';
import fc from 'fast-check';
import { fraction } from '../../../src/domain/kernel/money.js';
import {
  order,
  type Order,
  type OrderCommand,
  type OrderEvent,
  owedFor,
  representOrder,
} from '../../../src/domain/order/index.js';
import { at, eur, idOf, orderLine, placedOrder } from '../../support/fixtures.js';
import { orderArrows as arrows } from '../../support/stateMachines/arrows.js';
import { type Stride, walk } from '../../support/walk.js';
import { histories, shipped } from '../../unit/domain/order/histories.js';
import { anyCommand, everyCommand, place } from './orderCommands.js';

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
