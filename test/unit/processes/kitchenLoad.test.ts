import { expect } from 'chai';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { type ExistingTicket, ticket, type TicketEvent } from '../../../src/domain/ticket/index.js';
import { order } from '../../../src/domain/order/index.js';
import type { Related } from '../../../src/processes/engine/related.js';
import { kitchenLoad } from '../../../src/processes/kitchenLoad.js';
import type { Location } from '../../../src/domain/location/index.js';
import type { Folds } from '../../../src/subscriptions/contract.js';
import { at, aTicket, mainLocation, main, openedTicket, placedOrder } from '../../support/fixtures.js';
import { cancelled, extra, opened, scheduled, started, voidedItem } from '../domain/ticket/histories.js';
import { playEvent } from './support/play.js';
import { recorded } from './support/recorded.js';

const limited = placedOrder({ businessDate: '2024-05-04', kitchenCapacity: 10 });
const added: TicketEvent = {
  type: 'ItemsAdded',
  data: { batch: 'more', items: [extra], addedAt: at },
};

const after = (
  history: readonly TicketEvent[],
  order = limited,
  more: { readonly location?: Location; readonly promisedBefore?: string } = {},
) => {
  const last = history.at(-1);
  if (last === undefined) throw new Error('there is no event');
  const state = fold(ticket, ticket.initial, history);
  const known = state.status === 'none' || state.status === 'withdrawn' ? undefined : state;
  return playEvent(
    kitchenLoad,
    recorded(`ticket-${aTicket}`, last, history.length - 1),
    known && { ticket: known satisfies ExistingTicket, order, ...more },
  );
};

describe('the load of a kitchen', () => {
  // two items of two units each
  for (const [what, history, units] of [
    ['a ticket is cancelled', [opened, cancelled()], 0],
    ['one unit is called off', [opened, voidedItem(1, 1)], 3],
    ['an item comes on top', [opened, added], 6],
  ] as const) {
    it(`is ${units} units after ${what}`, () => {
      expect(after(history)).to.deep.equal([
        [
          {
            kind: 'pickup',
            name: 'load',
            stream: `pickupCounter-${main}_2024-05-04`,
            command: { type: 'ChangeKitchenLoad', ticketId: aTicket, units },
          },
        ],
      ]);
    });
  }

  it('is as things stand by now, where its process hears of it long after', async () => {
    const history = [opened, voidedItem(1, 1), voidedItem(2, 1)];
    const upTo = (revision: number) => fold(ticket, ticket.initial, history.slice(0, revision + 1));
    const late = recorded(`ticket-${aTicket}`, voidedItem(1, 1), 1);
    const its = fold(order, order.initial, [{ type: 'OrderPlaced', data: limited }]);
    const state = await kitchenLoad.load(
      late,
      { at: (_: unknown, __: string, revision: number) => Promise.resolve(upTo(revision)) } as unknown as Folds,
      {
        known: (aggregate: { initial: unknown }, stream: string) =>
          Promise.resolve(stream.startsWith('order-') ? its : aggregate.initial),
        latest: () => Promise.resolve(upTo(2)),
      } as unknown as Related,
    );
    const [[step] = []] = playEvent(kitchenLoad, late, state);
    expect(step).to.deep.include({ command: { type: 'ChangeKitchenLoad', ticketId: aTicket, units: 2 } });
  });

  it('is nobody’s business where the kitchen makes whatever comes', () => {
    expect(after([opened, cancelled()], placedOrder({ businessDate: '2024-05-04' }))).to.deep.equal([]);
    expect(after([opened, cancelled()], placedOrder({ kitchenCapacity: 10 }))).to.deep.equal([]);
  });

  it('is nobody’s business any more when its day is long over', () => {
    const longAgo = placedOrder({ businessDate: '2024-04-13', kitchenCapacity: 10 });
    expect(after([opened, cancelled()], longAgo)).to.deep.equal([]);
  });

  it('is left alone by a ticket that was never opened', () => {
    expect(after([cancelled()])).to.deep.equal([]);
  });
});

describe('the load of a kitchen, when another time is promised', () => {
  const promised = (promisedAt: string): TicketEvent => ({
    type: 'TicketPromiseChanged',
    data: { promisedAt, by: 'ana' },
  });
  const inGenoa = mainLocation({ timeZone: 'Europe/Rome', businessDayBegins: '05:00' });
  const counter = (day: string) => `pickupCounter-${main}_${day}`;
  const place = (day: string, quarter: string) => ({
    kind: 'pickup',
    name: 'place',
    stream: counter(day),
    command: { type: 'PlaceKitchenLoad', ticketId: aTicket, quarter, units: 4 },
  });
  const remove = (day: string) => ({
    kind: 'pickup',
    name: 'remove',
    stream: counter(day),
    command: { type: 'RemoveKitchenLoad', ticketId: aTicket },
  });
  const moved = (promisedAt: string, history: readonly TicketEvent[] = [scheduled], promisedBefore?: string) =>
    after([...history, promised(promisedAt)], limited, {
      location: inGenoa,
      ...(promisedBefore === undefined ? {} : { promisedBefore }),
    });

  // what takes longest takes a minute
  it('moves to the quarter in which it must be begun for then, at the earliest the present one', () => {
    expect(moved('2024-05-04T18:01:00.000Z')).to.deep.equal([[place('2024-05-04', '2024-05-04T18:00:00.000Z')]]);
    expect(moved('2024-05-04T18:00:30.000Z')).to.deep.equal([[place('2024-05-04', '2024-05-04T17:45:00.000Z')]]);
    expect(moved('2024-05-04T12:00:10.000Z')).to.deep.equal([[place('2024-05-04', '2024-05-04T12:00:00.000Z')]]);
    expect(moved('2024-05-04T18:01:00.000Z', [opened])).to.have.length(1);
  });

  it('goes to the counter of that business day, and only then leaves the one where it was', () => {
    // five in the morning in Rome: the next business day has begun
    expect(moved('2024-05-05T03:01:00.000Z')).to.deep.equal([
      [place('2024-05-05', '2024-05-05T03:00:00.000Z')],
      [remove('2024-05-04')],
    ]);
    expect(moved('2024-05-05T02:59:00.000Z').flat()).to.deep.equal([place('2024-05-04', '2024-05-05T02:45:00.000Z')]);
    // once more, by then from the second day, or back
    expect(moved('2024-05-06T10:01:00.000Z', [scheduled], '2024-05-05T10:00:00.000Z')).to.deep.equal([
      [place('2024-05-06', '2024-05-06T10:00:00.000Z')],
      [remove('2024-05-04'), remove('2024-05-05')],
    ]);
    expect(moved('2024-05-04T18:01:00.000Z', [scheduled], '2024-05-05T10:00:00.000Z')).to.deep.equal([
      [place('2024-05-04', '2024-05-04T18:00:00.000Z')],
      [remove('2024-05-05')],
    ]);
  });

  it('stays where it is once somebody has begun: it is made now', () => {
    expect(moved('2024-05-04T18:00:00.000Z', [opened, started(1)])).to.deep.equal([]);
  });

  it('is counted on the right day from the beginning where the order was moved before it had a ticket', () => {
    const tomorrow: TicketEvent = {
      type: 'TicketOpened',
      data: openedTicket({ promisedAt: '2024-05-05T10:01:00.000Z', fireAt: '2024-05-05T10:00:00.000Z' }),
    };
    expect(after([tomorrow], limited, { location: inGenoa })).to.deep.equal([
      [place('2024-05-05', '2024-05-05T10:00:00.000Z')],
      [remove('2024-05-04')],
    ]);
    expect(after([scheduled], limited, { location: inGenoa })).to.deep.equal([]);
    expect(after([opened], limited, { location: inGenoa })).to.deep.equal([]);
  });

  it('changes on every day that may count it', () => {
    const history = [scheduled, promised('2024-05-05T10:01:00.000Z'), voidedItem(1, 1)];
    const steps = after(history, limited, { location: inGenoa }).flat();
    expect(steps.map((step) => 'stream' in step && step.stream)).to.deep.equal([
      counter('2024-05-04'),
      counter('2024-05-05'),
    ]);
    for (const step of steps) {
      expect(step).to.deep.include({ command: { type: 'ChangeKitchenLoad', ticketId: aTicket, units: 3 } });
    }
  });
});
