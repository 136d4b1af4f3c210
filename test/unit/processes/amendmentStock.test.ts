import { expect } from 'chai';
import { paymentIdOf, reservationIdOf } from '../../../src/commands/identity.js';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import { askedAmendment, type ExistingOrder, order, type OrderEvent } from '../../../src/domain/order/index.js';
import type { WaitingAmendment } from '../../../src/processes/amendmentStock.js';
import { cancellation } from '../../../src/processes/cancellation.js';
import { placing } from '../../../src/processes/placing.js';
import { anOrder, idOf, orderLine, placedOrder, sku } from '../../support/fixtures.js';
import { amendmentRequested, anAmendment, linesCancelled } from '../domain/order/histories.js';
import { commandsOf, names, playEvent, refusedWith, type World } from './support/play.js';
import { recorded } from './support/recorded.js';

const add = [
  orderLine(3, { sku: sku('tea'), qty: 1 }),
  orderLine(4, { sku: sku('cake'), qty: 2 }),
  orderLine(5, { sku: sku('wrap'), track: false }),
];
const requested = amendmentRequested({ add, drop: [] });
const declined: OrderEvent = { type: 'AmendmentDeclined', data: { amendmentId: anAmendment, cause: 'not there' } };

function stateAfter(...events: readonly OrderEvent[]): WaitingAmendment {
  const its = fold(order, order.initial, [
    { type: 'OrderPlaced', data: placedOrder() },
    { type: 'OrderConfirmed', data: { basis: 'pay_later' } },
    requested,
    ...events,
  ]) as ExistingOrder;
  const asked = askedAmendment(its, anAmendment);
  if (!asked) throw new Error('nobody asked for it');
  return { amendmentId: anAmendment, order: its, details: { ...its.details, lines: asked.add } };
}

const play = (world?: World, state = stateAfter()) =>
  playEvent(placing, recorded(orderStream(anOrder), requested, 2), state, world);
const short =
  (item: string, rejection: { readonly _tag: string; readonly [more: string]: unknown }): World =>
  (step) =>
    step.kind === 'stock' && step.command.type === 'ReserveStock' && step.stream.includes(`-${item}_`)
      ? refusedWith(rejection)
      : undefined;
const insufficient = { _tag: 'InsufficientStock', sku: 'tea', wanted: 1, available: 0 };
const refuses =
  (type: string, rejection: { readonly _tag: string; readonly [more: string]: unknown }): World =>
  (step) =>
    'command' in step && step.command.type === type ? refusedWith(rejection) : undefined;

describe('the stock of an amendment', () => {
  it('is set aside side by side, and only then the order is told', () => {
    const rounds = play();
    expect(names(rounds)).to.deep.equal([['ReserveStock cake', 'ReserveStock tea'], ['SettleAmendment']]);
    const [told] = commandsOf(rounds, 'SettleAmendment');
    expect(told?.reserved).to.have.members([idOf('line', 3), idOf('line', 4)]);
    expect(told?.payments[0]).to.include({ paymentId: paymentIdOf(anOrder, 2), ordinal: 2 });
  });

  it('is given back where something is short, once the order has said that it stays what it was', () => {
    const rounds = play(short('tea', insufficient));
    expect(names(rounds)).to.deep.equal([
      ['ReserveStock cake', 'ReserveStock tea'],
      ['DeclineAmendment'],
      ['ReleaseReservation cake', 'ReleaseReservation tea'],
    ]);
    expect(commandsOf(rounds, 'DeclineAmendment')[0]).to.deep.include({
      cause: 'Thing 3: 1 wanted, 0 available',
      shortages: [{ lineId: idOf('line', 3), sku: 'tea', name: 'Thing 3', wanted: 1, available: 0 }],
    });
  });

  it('names no number where it cannot be had for another reason', () => {
    const [told] = commandsOf(play(short('cake', { _tag: 'ReservationClosed' })), 'DeclineAmendment');
    expect(told).to.deep.equal({
      type: 'DeclineAmendment',
      amendmentId: anAmendment,
      cause: 'it is not in stock',
    });
  });

  for (const [rejection, cause] of [
    [{ _tag: 'IllegalTransition', status: 'cancelled', allowed: [] }, 'the order does not allow it any more'],
    [{ _tag: 'LineAlreadyStarted', lines: [] }, 'what was to go is being made, or has gone'],
    [{ _tag: 'QuantityNotAvailable', lines: [] }, 'what was to go is not there any more'],
    [{ _tag: 'LineCountOutOfRange', count: 101 }, 'the order does not allow it any more'],
  ] as const) {
    it(`is given back where the order has gone on: ${rejection._tag}`, () => {
      const rounds = play(refuses('SettleAmendment', rejection));
      expect(names(rounds).slice(1)).to.deep.equal([
        ['SettleAmendment'],
        ['DeclineAmendment'],
        ['ReleaseReservation cake', 'ReleaseReservation tea'],
      ]);
      expect(commandsOf(rounds, 'DeclineAmendment')[0]?.cause).to.equal(cause);
    });
  }

  it('stays with the order where somebody else carried it out meanwhile', () => {
    const world: World = (step) =>
      short('tea', insufficient)(step) ??
      refuses('DeclineAmendment', { _tag: 'IllegalTransition', status: 'confirmed', allowed: [] })(step);
    expect(names(play(world)).at(-1)).to.deep.equal(['DeclineAmendment']);
  });

  describe('that is exchanged for itself', () => {
    const exchanged: OrderEvent = amendmentRequested({
      add: [orderLine(3, { sku: sku('sku-1'), qty: 1 }), orderLine(4, { sku: sku('tea'), qty: 1 })],
      drop: [{ lineId: idOf('line', 1), qty: 1 }],
    });
    const state = (...events: readonly OrderEvent[]): ExistingOrder =>
      fold(order, order.initial, [
        { type: 'OrderPlaced', data: placedOrder() },
        { type: 'OrderConfirmed', data: { basis: 'pay_later' } },
        exchanged,
        ...events,
      ]) as ExistingOrder;
    const waiting = (...events: readonly OrderEvent[]): WaitingAmendment => {
      const its = state(...events);
      return {
        amendmentId: anAmendment,
        order: its,
        details: { ...its.details, lines: askedAmendment(its, anAmendment)?.add ?? [] },
      };
    };
    const [mine, new3] = [1, 3].map((n) => reservationIdOf(anOrder, idOf('line', n)));

    it('is asked for with the units that go, and what is new with none', () => {
      const asked = commandsOf(play(undefined, waiting()), 'ReserveStock');
      expect(asked.map(({ reservationId, from }) => [reservationId, from])).to.deep.include.members([
        [new3, [{ reservationId: mine, qty: 1 }]],
        [reservationIdOf(anOrder, idOf('line', 4)), undefined],
      ]);
    });

    it('goes back by the order’s own events when it was declined, and nobody else may take it before', () => {
      expect(
        names(play(refuses('SettleAmendment', { _tag: 'LineAlreadyStarted', lines: [] }), waiting())).at(-1),
      ).to.deep.equal(['ReleaseReservation tea']);
      const after = (...events: readonly OrderEvent[]) =>
        commandsOf(
          playEvent(cancellation, recorded(orderStream(anOrder), declined, 3), {
            order: state(...events),
            payments: [],
          }),
          'RestoreReservation',
        );
      const restored = { reservationId: new3, orderId: anOrder, why: 'short' } as const;
      expect(after(declined)).to.deep.equal([
        { type: 'RestoreReservation', ...restored, to: [{ reservationId: mine, keep: 2 }] },
      ]);
      // as much as is wanted of it by then
      expect(after(linesCancelled({ 1: 1 }), declined)[0]?.to).to.deep.equal([{ reservationId: mine, keep: 1 }]);
    });
  });

  it('is given back, and nothing else, where it was declined before the process ended', () => {
    expect(names(play(undefined, stateAfter(declined)))).to.deep.equal([
      ['ReleaseReservation cake', 'ReleaseReservation tea'],
    ]);
  });
});
