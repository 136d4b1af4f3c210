import { expect } from 'chai';
import type { RecordedEvent } from '../../../src/domain/events.js';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { stockStream } from '../../../src/domain/kernel/streams.js';
import { stock, type StockEvent } from '../../../src/domain/stock/index.js';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings/index.js';
import type { Related } from '../../../src/processes/engine/related.js';
import type { Step } from '../../../src/processes/engine/step.js';
import { shortfall } from '../../../src/processes/shortfall.js';
import type { Folds } from '../../../src/subscriptions/contract.js';
import { idOf, main, sku } from '../../support/fixtures.js';
import { commandsOf, playEvent, refusedWith, type World } from './support/play.js';
import { recorded } from './support/recorded.js';

const NOW = '2024-05-04T18:00:00.000Z';
const stream = stockStream(sku('tea'), main);
const reserved = (n: number, order = n): StockEvent => ({
  type: 'StockReserved',
  data: { reservationId: idOf('reservation', n), orderId: idOf('order', order), qty: 1 },
});
const registered: StockEvent = {
  type: 'StockRegistered',
  data: { sku: sku('tea'), locationId: main, onHand: 3, threshold: 0, safety: 0, backorderLimit: 0, unit: 'piece' },
};
const counted = (from: number, to: number): StockEvent => ({
  type: 'StockAdjusted',
  data: { from, to, reason: 'counted' },
});
const short = (...hit: readonly number[]): StockEvent => ({
  type: 'StockShortfallDetected',
  data: { missing: hit.length, reservations: hit.map((n) => idOf('reservation', n)) },
});

/** What follows from a shortfall that is heard of when all of this has happened. */
async function after(history: readonly StockEvent[], world?: World): Promise<readonly (readonly Step[])[]> {
  const at = history.findIndex(({ type }) => type === 'StockShortfallDetected');
  const event = history[at];
  if (!event) throw new Error('nothing is short');
  const heard: RecordedEvent = recorded(stream, event, at);
  const folds = {
    at: (_: unknown, __: unknown, revision: number) => Promise.resolve(foldOf(history.slice(0, revision + 1))),
  } as unknown as Folds;
  const related = {
    latest: () => Promise.resolve(foldOf(history)),
    settings: () => DEFAULT_SETTINGS,
    now: () => NOW,
  } as unknown as Related;
  return playEvent(shortfall, heard, await shortfall.load(heard, folds, related), world);
}
const foldOf = (events: readonly StockEvent[]) => fold(stock, stock.initial, events);
const heldOrders = (rounds: readonly (readonly Step[])[]): readonly (string | false)[] =>
  rounds.flat().map((step) => step.kind === 'order' && step.stream);
const shelf = [registered, reserved(1), reserved(2), reserved(3)];

describe('a shortfall', () => {
  it('holds each order that goes without, for as long from now on as somebody may take to decide', async () => {
    const rounds = await after([...shelf, counted(3, 1), short(3, 2)]);
    expect(heldOrders(rounds)).to.deep.equal([`order-${idOf('order', 3)}`, `order-${idOf('order', 2)}`]);
    expect(commandsOf(rounds, 'HoldOrder')[0]).to.deep.equal({
      type: 'HoldOrder',
      kind: 'shortage',
      detail: 'tea is not there any more',
      decideBy: '2024-05-04T18:10:00.000Z',
    });
  });

  it('holds an order once, whatever it wants of the article', async () => {
    const twoLines = [registered, reserved(1), reserved(2, 7), reserved(3, 7)];
    expect(heldOrders(await after([...twoLines, counted(3, 1), short(3, 2)]))).to.deep.equal([
      `order-${idOf('order', 7)}`,
    ]);
  });

  it('holds nobody when it was made good before anybody heard of it', async () => {
    expect(await after([...shelf, counted(3, 1), short(3, 2), counted(1, 3)])).to.deep.equal([]);
  });

  it('leaves alone who has given back what was promised to them', async () => {
    const released: StockEvent = {
      type: 'ReservationReleased',
      data: { reservationId: idOf('reservation', 3), orderId: idOf('order', 3), qty: 1, why: 'cancelled' },
    };
    expect(heldOrders(await after([...shelf, counted(3, 1), short(3, 2), released]))).to.deep.equal([
      `order-${idOf('order', 2)}`,
    ]);
  });

  it('is a task for each order that is being made, and nothing for one that is over', async () => {
    const world: World = (step) =>
      step.kind === 'order'
        ? refusedWith({
            _tag: 'IllegalTransition',
            ...{ status: step.stream.endsWith(idOf('order', 3)) ? 'in_fulfilment' : 'cancelled' },
          })
        : undefined;
    const tasks = commandsOf(await after([...shelf, counted(3, 1), short(3, 2)], world), 'OpenTask');
    expect(tasks.map(({ task }) => [task.kind, task.about])).to.deep.equal([
      ['shortfall', { orderId: idOf('order', 3), sku: 'tea', locationId: main }],
    ]);
  });
});
