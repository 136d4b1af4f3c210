import { expect } from 'chai';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import type { LocationId } from '../../../src/domain/kernel/ids.js';
import { offerStream } from '../../../src/domain/kernel/streams.js';
import { offer, type OfferEvent } from '../../../src/domain/offer/index.js';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings/index.js';
import type { Related } from '../../../src/processes/engine/related.js';
import type { UnpaidOrder } from '../../../src/processes/ports/unpaidOrders.js';
import { soldOut } from '../../../src/processes/soldOut.js';
import type { Folds } from '../../../src/subscriptions/contract.js';
import { eur, idOf, main, sku } from '../../support/fixtures.js';
import { commandsOf, playEvent } from './support/play.js';
import { recorded } from './support/recorded.js';

const NOW = '2024-05-04T18:00:00.000Z';
const stream = offerStream(sku('cake'));
const onSale: readonly OfferEvent[] = [
  { type: 'OfferDrafted', data: { sku: sku('cake'), name: 'Cake', trackStock: false, taxClass: 'standard' } },
  { type: 'PriceSet', data: { price: eur(500), validFrom: NOW } },
  { type: 'OfferPublished', data: {} },
];
const suspended = (change: Partial<Extract<OfferEvent, { type: 'OfferSuspended' }>['data']> = {}): OfferEvent => ({
  type: 'OfferSuspended',
  data: { reason: 'sold out', ...change },
});
const unpaid = (n: number, change: Partial<UnpaidOrder> = {}): UnpaidOrder => ({
  orderId: idOf('order', n),
  locationId: main,
  ...change,
});

/** What follows from the event at a place of a history, heard of when all of it has happened. */
async function after(
  history: readonly OfferEvent[],
  at: number,
  { orders, shown = 1_000n }: { readonly orders: readonly UnpaidOrder[]; readonly shown?: bigint },
) {
  const event = history[at];
  if (!event) throw new Error('nothing happens');
  const foldOf = (events: readonly OfferEvent[]) => fold(offer, offer.initial, events);
  const asked: unknown[][] = [];
  const process = soldOut({
    shows: (position) => Promise.resolve(shown >= position),
    withArticle: (...which) => {
      asked.push(which);
      return Promise.resolve(orders);
    },
  });
  const folds = {
    at: (_: unknown, __: unknown, revision: number) => Promise.resolve(foldOf(history.slice(0, revision + 1))),
  } as unknown as Folds;
  const related = {
    latest: () => Promise.resolve(foldOf(history)),
    settings: () => DEFAULT_SETTINGS,
    now: () => NOW,
  } as unknown as Related;
  const heard = recorded(stream, event, at);
  const rounds = playEvent(process, heard, await process.load(heard, folds, related));
  const held = rounds.map((steps) => steps.map((step) => (step.kind === 'order' ? step.stream.slice(6) : '')));
  return { rounds, held, asked };
}

describe('an article that is suspended', () => {
  it('holds who has not paid for it, for as long from now on as somebody may take to decide', async () => {
    const { rounds, held, asked } = await after([...onSale, suspended()], 3, { orders: [unpaid(1), unpaid(2)] });
    expect(held).to.deep.equal([[idOf('order', 1), idOf('order', 2)]]);
    expect(asked).to.deep.equal([['cake', undefined]]);
    expect(commandsOf(rounds, 'HoldOrder')[0]).to.deep.equal({
      type: 'HoldOrder',
      kind: 'shortage',
      detail: 'Cake is sold out',
      decideBy: '2024-05-04T18:10:00.000Z',
      soldOut: [{ sku: 'cake', revision: 3 }],
      unpaidOnly: true,
    });
  });

  it('asks for the orders of the location at which it is suspended', async () => {
    const { asked } = await after([...onSale, suspended({ locationId: main })], 3, { orders: [] });
    expect(asked).to.deep.equal([['cake', main]]);
  });

  it('leaves alone who wants it when it is to be had again, and who was concerned before', async () => {
    const until = '2024-05-04T22:00:00.000Z';
    const late = unpaid(1, { promisedAt: '2024-05-04T22:00:00.000Z' });
    const soon = unpaid(2, { promisedAt: '2024-05-04T21:59:00.000Z' });
    const overdue = unpaid(3, { promisedAt: '2024-05-04T17:00:00.000Z' });
    const orders = [late, soon, overdue];
    const history = [...onSale, suspended({ until }), suspended()];
    expect((await after(history.slice(0, 4), 3, { orders })).held).to.deep.equal([[soon.orderId, overdue.orderId]]);
    expect((await after(history, 4, { orders })).held).to.deep.equal([[late.orderId]]);
    const elsewhere = unpaid(4, { locationId: 'elsewhere' as LocationId });
    const here = [...onSale, suspended({ locationId: main }), suspended()];
    expect((await after(here, 4, { orders: [unpaid(5), elsewhere] })).held).to.deep.equal([[elsewhere.orderId]]);
  });

  it('holds nobody when it was to be had again before anybody heard of it', async () => {
    const resumed: OfferEvent = { type: 'OfferResumed', data: {} };
    expect((await after([...onSale, suspended(), resumed], 3, { orders: [unpaid(1)] })).held).to.deep.equal([]);
  });

  it('waits until all that was ordered before it can be seen', async () => {
    const early = after([...onSale, suspended()], 3, { orders: [unpaid(1)], shown: 2n });
    expect(await early.catch((error: Error) => error.name)).to.equal('TryAgainLater');
    expect((await after([...onSale, suspended()], 3, { orders: [unpaid(1)], shown: 3n })).held).to.have.length(1);
  });

  it('holds many in turns, each once', async () => {
    const orders = Array.from({ length: 230 }, (_, n) => unpaid(n));
    const { held } = await after([...onSale, suspended()], 3, { orders });
    expect(held.map(({ length }) => length)).to.deep.equal([100, 100, 30]);
    expect(new Set(held.flat()).size).to.equal(230);
  });
});
