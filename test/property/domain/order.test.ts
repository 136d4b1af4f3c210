import { expect } from 'chai';
import fc from 'fast-check';
import {
  order,
  type Order,
  type OrderCommand,
  type OrderEvent,
  representOrder,
} from '../../../src/domain/order/index.js';
import { at, dueAt, eur, idOf, orderLine, placedOrder } from '../../support/fixtures.js';
import { walk } from '../../support/walk.js';

const lineIds = [1, 2, 3].map((n) => idOf('line', n)); // the third is no line of the order
const lines = [orderLine(1, { qty: 3 }), orderLine(2, { track: false })];
const acceptance = { paymentId: idOf('payment', 1), paymentDueAt: dueAt };
const required = fc.constantFrom('required' as const, 'skipped' as const);

const place: fc.Arbitrary<OrderCommand> = fc
  .record({
    stock: required,
    total: fc.constantFrom(0, 2500),
    paymentMode: fc.constantFrom('prepay' as const, 'pay_later' as const),
  })
  .map(({ stock, total, paymentMode }) => ({
    type: 'PlaceOrder',
    order: placedOrder({
      lines,
      total: eur(total),
      paymentMode,
      gates: { check: 'skipped', stock, discounts: 'skipped' },
    }),
    acceptance,
    allowedModes: ['pickup'],
  }));
const paymentIds = fc.constantFrom(idOf('payment', 1), idOf('payment', 2));
const handOver = fc
  .record({
    by: fc.constantFrom('tkt_1', 'tkt_2', 'shp_1'),
    lines: fc.array(fc.record({ lineId: fc.constantFrom(...lineIds), qty: fc.integer({ min: -1, max: 4 }) }), {
      maxLength: 3,
    }),
  })
  .map((told) => ({ type: 'RecordLinesFulfilled', ...told, how: 'handed_over', at }) as const);

const anyCommand: fc.Arbitrary<OrderCommand> = fc.oneof(
  place,
  fc.constant<OrderCommand>({
    type: 'RecordStockSecured',
    reservations: [{ lineId: idOf('line', 1), reservationId: idOf('reservation', 1) }],
    acceptance,
  }),
  fc.constant<OrderCommand>({ type: 'RecordStockSecured', reservations: [], acceptance }),
  fc.constant<OrderCommand>({
    type: 'RecordStockShort',
    shortages: [{ lineId: idOf('line', 1), sku: lines[0]!.sku, name: 'Thing 1', wanted: 3, available: 0 }],
  }),
  paymentIds.map((paymentId): OrderCommand => ({
    type: 'AttachPaymentLink',
    paymentId,
    url: 'http://pay',
    expiresAt: dueAt,
  })),
  fc
    .record({
      paymentId: paymentIds,
      intentId: fc.constantFrom('pi_1', 'pi_2', 'pi_3'),
      amount: fc.constantFrom(-1, 0, 1, 1000, 2500).map(eur),
    })
    .map((money): OrderCommand => ({ type: 'ApplyPayment', ...money, method: 'card' })),
  fc.constant<OrderCommand>({ type: 'ExpireOrder', at: dueAt }),
  fc.constant<OrderCommand>({ type: 'RequestCancellation', reason: 'no time', by: 'customer' }),
  fc
    .constantFrom(idOf('ticket', 1), idOf('ticket', 2))
    .map((ticketId): OrderCommand => ({ type: 'StartFulfilment', tickets: [{ ticketId }], shipLines: [] })),
  fc
    .constantFrom('queued' as const, 'preparing' as const, 'ready' as const, 'in_transit' as const)
    .map((stage): OrderCommand => ({ type: 'RecordProgress', stage })),
  handOver,
  fc.constant<OrderCommand>({ type: 'CompleteOrder', by: 'timer' }),
);
/** Most walks begin with an order; some try everything else first. */
const walks = fc
  .tuple(fc.option(place), fc.array(anyCommand, { maxLength: 40 }))
  .map(([first, rest]) => (first ? [first, ...rest] : rest));

/** The arrows of the lifecycle, those of several events at once included (domain-model.md, 4.1). */
const arrows: Readonly<Record<Order['status'], readonly Order['status'][]>> = {
  none: ['placed', 'awaiting_payment', 'confirmed'],
  placed: ['awaiting_payment', 'confirmed', 'rejected', 'cancelled'],
  awaiting_payment: ['confirmed', 'expired', 'cancelled'],
  confirmed: ['in_fulfilment', 'fulfilled'],
  in_fulfilment: ['fulfilled'],
  fulfilled: ['completed'],
  completed: [],
  rejected: [],
  expired: [],
  cancelled: [],
};

function expectSound(state: Order): void {
  if (state.status === 'none') return;
  for (const { qty, cancelled, fulfilled } of state.lines) {
    expect(fulfilled).to.be.at.least(0);
    expect(cancelled + fulfilled).to.be.at.most(qty);
  }
  expect(state.refundDue.amount).to.be.within(0, state.captured.amount);
  const dead = ['rejected', 'expired', 'cancelled'].includes(state.status);
  const kept = state.captured.amount - state.refundDue.amount;
  expect(kept, 'what is kept of the money').to.be.at.most(dead ? 0 : state.details.total.amount);
  if (['confirmed', 'in_fulfilment', 'fulfilled', 'completed'].includes(state.status)) {
    expect(Object.values(state.gates)).not.to.include.members(['pending']);
    const paid = state.captured.amount >= state.details.total.amount;
    expect(paid || state.details.paymentMode === 'pay_later', 'confirmed without money').to.equal(true);
  }
  const allHandedOver = state.lines.every(({ qty, cancelled, fulfilled }) => qty === cancelled + fulfilled);
  expect(allHandedOver).to.equal(['fulfilled', 'completed'].includes(state.status));
}

describe('an order, whatever is asked of it', () => {
  it('never reaches an illegal state, and folds to the same state again', () => {
    fc.assert(
      fc.property(walks, (commands) => {
        walk(order, commands, ({ before, after }) => {
          if (after.status !== before.status) expect(arrows[before.status]).to.include(after.status);
          expectSound(after);
          expect(representOrder(after, 0)?.status).to.equal(after.status === 'none' ? undefined : after.status);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('asks for a refund once for each cause, and never for more than it was paid', () => {
    fc.assert(
      fc.property(walks, (commands) => {
        const events: OrderEvent[] = [];
        walk(order, commands, (stride) => events.push(...stride.events));
        const refunds = events.flatMap((event) => (event.type === 'RefundDue' ? [event.data] : []));
        const captures = events.flatMap((event) => (event.type === 'PaymentApplied' ? [event.data] : []));
        expect(new Set(refunds.map(({ refundKey }) => refundKey)).size).to.equal(refunds.length);
        expect(new Set(captures.map(({ paymentId, intentId }) => `${paymentId} ${intentId}`)).size).to.equal(
          captures.length,
        );
        const sum = (parts: readonly { readonly amount: { readonly amount: number } }[]): number =>
          parts.reduce((all, { amount }) => all + amount.amount, 0);
        expect(sum(refunds)).to.be.at.most(sum(captures));
      }),
      { numRuns: 300 },
    );
  });
});
