import { expect } from 'chai';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { type ExistingTicket, ticket, type TicketEvent } from '../../../src/domain/ticket/index.js';
import { kitchenLoad } from '../../../src/processes/kitchenLoad.js';
import { at, aTicket, main, placedOrder } from '../../support/fixtures.js';
import { cancelled, extra, opened, voidedItem } from '../domain/ticket/histories.js';
import { playEvent } from './support/play.js';
import { recorded } from './support/recorded.js';

const limited = placedOrder({ businessDate: '2024-05-04', kitchenCapacity: 10 });
const added: TicketEvent = {
  type: 'ItemsAdded',
  data: { batch: 'more', items: [extra], addedAt: at },
};

const after = (history: readonly TicketEvent[], order = limited) => {
  const last = history.at(-1);
  if (last === undefined) throw new Error('there is no event');
  const state = fold(ticket, ticket.initial, history);
  const known = state.status === 'none' || state.status === 'withdrawn' ? undefined : state;
  return playEvent(
    kitchenLoad,
    recorded(`ticket-${aTicket}`, last, history.length - 1),
    known && { ticket: known satisfies ExistingTicket, order },
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
