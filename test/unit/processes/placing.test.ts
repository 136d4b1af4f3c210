import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { paymentIdOf, reservationIdOf } from '../../../src/commands/identity.js';
import type { OrderEvent } from '../../../src/domain/order/index.js';
import { stock, type Stock, type StockEvent } from '../../../src/domain/stock/index.js';
import { release } from '../../../src/processes/orderLines.js';
import { placing } from '../../../src/processes/placing.js';
import { anOrder, idOf, main, orderLine, placedOrder, sku } from '../../support/fixtures.js';
import { commandsOf, names, playEvent, refusedWith, type World } from './support/play.js';
import { recorded } from './support/recorded.js';

const stream = `order-${anOrder}` as const;
const lines = [
  orderLine(1, { sku: sku('pear'), qty: 1 }),
  orderLine(2, { sku: sku('apple'), qty: 2 }),
  orderLine(3, { sku: sku('wrap'), track: false }),
  orderLine(4, { sku: sku('fig'), qty: 3 }),
];
const details = placedOrder({ lines });
const state = { details, shortageDecisionMinutes: 10 };
const placed = recorded(stream, { type: 'OrderPlaced', data: details });
const registered: StockEvent = {
  type: 'StockRegistered',
  data: { sku: sku('pear'), locationId: main, onHand: 9, threshold: 0, safety: 0, backorderLimit: 0, unit: 'piece' },
};
const after = (event: OrderEvent) => recorded(stream, event, 5);

/** Reserving these skus is refused for want of stock; of each `free[sku]` units are left. */
const short =
  (refused: readonly string[], free: Readonly<Record<string, number>> = {}): World =>
  (step) => {
    if (step.kind !== 'stock' || step.command.type !== 'ReserveStock') return undefined;
    const item = refused.find((name) => step.stream.includes(`-${name}_`));
    if (item === undefined) return undefined;
    return refusedWith({ _tag: 'InsufficientStock', ...{ sku: item, wanted: 9, available: free[item] ?? 0 } });
  };

describe('placing', () => {
  it('reserves all tracked lines side by side, then reports the stock secured', () => {
    const rounds = playEvent(placing, placed, state);
    expect(names(rounds)).to.deep.equal([
      ['ReserveStock apple', 'ReserveStock fig', 'ReserveStock pear'],
      ['RecordStockSecured'],
    ]);
    const [report] = commandsOf(rounds, 'RecordStockSecured');
    expect(report?.reservations).to.have.deep.members(
      [1, 2, 4].map((n) => ({
        lineId: idOf('line', n),
        reservationId: reservationIdOf(anOrder, idOf('line', n)),
      })),
    );
  });

  it('gives the customer the payment window from the moment the stock was secured', () => {
    const late: World = () => ({ at: '2024-05-04T15:00:00.000Z' });
    const [report] = commandsOf(playEvent(placing, placed, state, late), 'RecordStockSecured');
    expect(report?.acceptance).to.deep.equal({
      paymentId: paymentIdOf(anOrder, 1),
      paymentDueAt: '2024-05-04T15:30:00.000Z',
    });
  });

  it('does nothing for an order whose stock gate is skipped', () => {
    const untracked = placedOrder({
      lines: [orderLine(1, { track: false })],
      gates: { check: 'skipped', stock: 'skipped', discounts: 'skipped' },
    });
    expect(
      playEvent(placing, recorded(stream, { type: 'OrderPlaced', data: untracked }), { ...state, details: untracked }),
    ).to.deep.equal([]);
  });

  it('names every item that is short, and gives back what it got of the others', () => {
    const rounds = playEvent(placing, placed, state, short(['fig', 'pear'], { fig: 1, pear: 0 }));
    expect(names(rounds)).to.deep.equal([
      ['ReserveStock apple', 'ReserveStock fig', 'ReserveStock pear'],
      ['RecordStockShort'],
      ['ReleaseReservation apple'],
    ]);
    expect(commandsOf(rounds, 'RecordStockShort')[0]?.shortages).to.deep.equal([
      { lineId: idOf('line', 4), sku: 'fig', name: 'Thing 4', wanted: 3, available: 1 },
      { lineId: idOf('line', 1), sku: 'pear', name: 'Thing 1', wanted: 1, available: 0 },
    ]);
  });

  it('names only the refused item when the others are there', () => {
    const rounds = playEvent(placing, placed, state, short(['apple'], { apple: 1 }));
    expect(names(rounds)).to.deep.equal([
      ['ReserveStock apple', 'ReserveStock fig', 'ReserveStock pear'],
      ['RecordStockShort'],
      ['ReleaseReservation fig', 'ReleaseReservation pear'],
    ]);
    expect(commandsOf(rounds, 'RecordStockShort')[0]?.shortages).to.have.length(1);
  });

  it('takes an item that nobody ever counted for one of which nothing is there', () => {
    const uncounted: World = (step) =>
      step.kind === 'stock' && step.command.type === 'ReserveStock'
        ? refusedWith({ _tag: 'NotFound', ...{ what: 'stock' } })
        : undefined;
    const [report] = commandsOf(playEvent(placing, placed, state, uncounted), 'RecordStockShort');
    expect(report?.shortages[0]).to.include({ sku: 'apple', wanted: 2, available: 0 });
  });

  it('gives nothing back before the order has recorded that stock is short', () => {
    const rounds = names(playEvent(placing, placed, state, short(['pear'])));
    const recordedAt = rounds.findIndex((round) => round.includes('RecordStockShort'));
    const releasedAt = rounds.findIndex((round) => round.some((name) => name.startsWith('ReleaseReservation')));
    expect(recordedAt).to.be.greaterThan(-1);
    expect(releasedAt).to.be.greaterThan(recordedAt);
  });

  for (const status of ['rejected', 'expired', 'cancelled']) {
    it(`releases every reservation when the order refuses the secured stock because it is ${status}`, () => {
      const ended: World = (step) =>
        step.kind === 'order' ? refusedWith({ _tag: 'IllegalTransition', ...{ status, allowed: [] } }) : undefined;
      const rounds = playEvent(placing, placed, state, ended);
      expect(names(rounds).at(-1)).to.deep.equal([
        'ReleaseReservation apple',
        'ReleaseReservation fig',
        'ReleaseReservation pear',
      ]);
      for (const command of commandsOf(rounds, 'ReleaseReservation')) expect(command.why).to.equal(status);
    });
  }

  it('records nothing when a reservation was released before it was made, and keeps what it took for an order that goes on without that line', () => {
    const overtaken: World = (step) =>
      step.kind === 'stock' && step.command.type === 'ReserveStock' && step.stream.includes('fig')
        ? refusedWith({ _tag: 'ReservationClosed' })
        : undefined;
    expect(names(playEvent(placing, placed, state, overtaken))).to.deep.equal([
      ['ReserveStock apple', 'ReserveStock fig', 'ReserveStock pear'],
    ]);
  });

  it('secures what goes on of an order of which a line was called off before anything was set aside', () => {
    const shelves = new Map<string, Stock>();
    const world: World = (step) => {
      if (step.kind !== 'stock') return undefined;
      const shelf = shelves.get(step.stream) ?? fold(stock, stock.initial, [registered]);
      const decided = stock.decide(step.command, shelf);
      if (E.isLeft(decided)) return refusedWith(decided.left);
      shelves.set(step.stream, fold(stock, shelf, decided.right));
      return undefined;
    };
    const [fig] = release(
      details,
      lines.filter((line) => line.sku === 'fig'),
      'cancelled',
    );
    if (fig) world(fig);
    expect(names(playEvent(placing, placed, state, world)).flat()).not.to.include('RecordStockSecured');
    const rest = { ...state, details: { ...details, lines: lines.filter((line) => line.sku !== 'fig') } };
    const resolved = after({ type: 'OrderHoldResolved', data: { decision: 'amend', by: 'staff' } });
    expect(names(playEvent(placing, resolved, rest, world))).to.deep.equal([
      ['ReserveStock apple', 'ReserveStock pear'],
      ['RecordStockSecured'],
    ]);
  });

  for (const [event, why] of [
    [{ type: 'OrderRejected', data: { reasons: [] } }, 'rejected'],
    [{ type: 'OrderExpired', data: { dueAt: '2024-05-04T12:30:00.000Z' } }, 'expired'],
  ] as const) {
    it(`releases every reservation that the lines could have once the order is ${why}`, () => {
      const rounds = playEvent(placing, after(event), state);
      expect(names(rounds)).to.deep.equal([
        ['ReleaseReservation apple', 'ReleaseReservation fig', 'ReleaseReservation pear'],
      ]);
      for (const command of commandsOf(rounds, 'ReleaseReservation')) expect(command.why).to.equal(why);
    });
  }

  it('handles the events of one order one after the other', () => {
    expect(placing.key(placed)).to.equal(placing.key(after({ type: 'OrderRejected', data: { reasons: [] } })));
  });
});
