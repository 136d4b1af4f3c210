import { expect } from 'chai';
import { fireTime } from '../../../../src/commands/ticket/fireTime.js';
import { fold } from '../../../../src/domain/kernel/aggregate.js';
import { representTicket, ticket, type TicketEvent } from '../../../../src/domain/ticket/index.js';
import { at, idOf, later, openedTicket } from '../../../support/fixtures.js';
import { specificationOf } from '../../../support/given.js';
import {
  commands,
  cooked,
  done,
  dueLater,
  extra,
  fired,
  histories,
  itemId,
  opened,
  ready,
  recalledItem,
  scheduled,
  started,
} from './histories.js';

const given = specificationOf(ticket);

describe('a kitchen ticket that is promised for later', () => {
  it('goes to the cooks at once when it should have long been there', () => {
    const { fireAt: _, ...atOnce } = openedTicket({ promisedAt: later });
    given([])
      .when({ type: 'OpenTicket', ticket: { ...atOnce, fireAt: '2024-05-04T11:59:00.000Z' } })
      .then([{ type: 'TicketOpened', data: atOnce }]);
  });

  it('is fired by the timer of its latest promise, and by no other', () => {
    given([scheduled])
      .when({ ...commands.FireTicket, planned: dueLater })
      .then([fired]);
    given([scheduled])
      .when({ ...commands.FireTicket, planned: at })
      .thenNothing();
  });

  it('is fired later for a later promise, and at once for one that presses', () => {
    given([scheduled])
      .when(commands.ChangePromise)
      .then([
        {
          type: 'TicketPromiseChanged',
          data: { promisedAt: '2024-05-04T14:00:00.000Z', by: 'ana', fireAt: '2024-05-04T13:59:00.000Z' },
        },
      ]);
    given([scheduled])
      .when({ ...commands.ChangePromise, promisedAt: later, fireAt: '2024-05-04T12:09:00.000Z' })
      .then([{ type: 'TicketPromiseChanged', data: { promisedAt: later, by: 'ana' } }, fired]);
  });

  it('is begun so early that what takes longest is done in time', () => {
    expect(fireTime('2024-05-04T13:00:00.000Z', [{ prepSeconds: 60 }, { prepSeconds: 900 }])).to.equal(
      '2024-05-04T12:45:00.000Z',
    );
  });
});

describe('a kitchen ticket of several stations', () => {
  const hotAndCold = openedTicket();
  const [first, second] = hotAndCold.items;
  if (!first || !second) throw new Error('a ticket of two items');
  const both: TicketEvent = {
    type: 'TicketOpened',
    data: { ...hotAndCold, items: [first, { ...second, station: 'cold' }] },
  };

  it('lets a station touch its own items, and the expediter all', () => {
    given([both])
      .when({ ...commands.StartItem, station: 'main' })
      .then([started(1)]);
    given([both])
      .when({ ...commands.StartItem, station: 'cold' })
      .thenRejected('WrongStation', { itemId, name: 'Thing 1', station: 'main' });
  });

  it('is bumped by one station without being ready for the other', () => {
    given([both])
      .when({ ...commands.BumpTicket, station: 'main' })
      .then([started(1), done(1)]);
  });

  it('is recalled by one station', () => {
    given([both, started(1), done(1), started(2), done(2), ready])
      .when({ ...commands.RecallTicket, station: 'main' })
      .then([recalledItem(1)]);
  });
});

describe('a kitchen ticket that grows', () => {
  it('is not ready any more, and takes the same items once', () => {
    const state = given(cooked)
      .when(commands.AddItems)
      .then([{ type: 'ItemsAdded', data: { batch: 'more', items: [extra], addedAt: later } }]);
    expect(state).to.deep.include({ status: 'preparing' });
    expect(representTicket(state, 6)).not.to.have.property('readyAt');
  });

  it('takes an item once that is named twice', () => {
    given(cooked)
      .when({ type: 'AddItems', batch: 'more', at: later, items: [extra, { ...extra, qty: 2 }] })
      .then([{ type: 'ItemsAdded', data: { batch: 'more', items: [extra], addedAt: later } }]);
  });
});

describe('a kitchen ticket', () => {
  it('is refused without an item: it would be ready before anybody cooked', () => {
    given([])
      .when({ type: 'OpenTicket', ticket: openedTicket({ items: [] }) })
      .thenRejected('EmptyTicket');
  });

  it('is ready with its last item', () => {
    given([opened, started(1), started(2), done(2)])
      .when(commands.FinishItem)
      .then([done(1), ready]);
  });

  it('can start its other item while one is cooking', () => {
    given(histories.preparing)
      .when({ type: 'StartItem', itemId: idOf('ticketItem', 2), by: 'ana' })
      .then([started(2)]);
  });

  it('finishes only what was started', () => {
    given([opened])
      .when(commands.FinishItem)
      .thenRejected('IllegalTransition', { status: 'queued', allowed: ['start'] });
  });

  it('does not know the items of other tickets', () => {
    const other = idOf('ticketItem', 77);
    given([opened])
      .when({ type: 'StartItem', itemId: other, by: 'ana' })
      .thenRejected('NotFound', { what: 'ticket item', id: other });
    given([opened])
      .when({ type: 'FinishItem', itemId: other, by: 'ana', at })
      .thenRejected('NotFound', { what: 'ticket item', id: other });
  });

  it('is done whole at one touch', () => {
    given([opened, started(1)])
      .when(commands.BumpTicket)
      .then([done(1), started(2), done(2), ready]);
  });

  it('is not handed over while an item is open, and says which', () => {
    given(histories['preparing, one item done'])
      .when(commands.HandOver)
      .thenRejected('NotReady', { openItems: [{ itemId: idOf('ticketItem', 2), name: 'Thing 2' }] });
  });

  it('notes to whom it was handed over, and the code that was shown', () => {
    given(cooked)
      .when({ type: 'HandOver', to: 'courier', code: '4711', at: later })
      .then([{ type: 'TicketHandedOver', data: { to: 'courier', handedOverAt: later, code: '4711' } }]);
  });
});

describe('a kitchen ticket that is made for another day', () => {
  const seven: TicketEvent = { type: 'TicketOpened', data: openedTicket({ pickupNo: 7 }) };
  const renumbered = (pickupNo: number, businessDate: string): TicketEvent => ({
    type: 'TicketRenumbered',
    data: { pickupNo, businessDate },
  });
  const ask = commands.Renumber;

  it('is called out by a number of that day, and by its first one when it comes back', () => {
    given([seven])
      .when(ask)
      .then([renumbered(3, '2024-05-05')]);
    given([seven, renumbered(3, '2024-05-05')])
      .when(ask)
      .thenNothing();
    given([seven, renumbered(3, '2024-05-05')])
      .when({ ...ask, pickupNo: 7, businessDate: '2024-05-04' })
      .then([renumbered(7, '2024-05-04')]);
    // on two days it may well be the same number
    given([seven, renumbered(3, '2024-05-05')])
      .when({ ...ask, businessDate: '2024-05-06' })
      .then([renumbered(3, '2024-05-06')]);
  });

  it('keeps the number that it may have been called out by', () => {
    const ready = [seven, ...cooked.slice(1)];
    given(ready).when(ask).thenNothing();
    given([...ready, { type: 'TicketHandedOver', data: { to: 'customer', handedOverAt: later } }])
      .when(ask)
      .thenNothing();
  });

  it('shows the number that it has now', () => {
    const view = (history: readonly TicketEvent[]) => representTicket(fold(ticket, ticket.initial, history), 1);
    expect(view([seven, renumbered(3, '2024-05-05')])?.pickupNo).to.equal(3);
  });
});
