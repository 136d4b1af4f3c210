import { expect } from 'chai';
import { fireTime } from '../../../../src/commands/ticket/fireTime.js';
import { fold } from '../../../../src/domain/kernel/aggregate.js';
import { representTicket, ticket, type TicketEvent } from '../../../../src/domain/ticket/index.js';
import { anOrder, at, idOf, later, openedTicket, sealedNote } from '../../../support/fixtures.js';
import { decisionTable, everywhere } from '../../../support/decisionTable.js';
import { specificationOf } from '../../../support/given.js';
import {
  acknowledged,
  cancelled,
  commands,
  cooked,
  done,
  dueLater,
  escalated,
  extra,
  fired,
  histories,
  itemId,
  opened,
  ready,
  recalledItem,
  scheduled,
  started,
  voidedItem,
} from './histories.js';

const given = specificationOf(ticket);
const inEvery = everywhere(histories);
const illegal = '!IllegalTransition';
const over = { none: '!NotFound', withdrawn: illegal, cancelled: illegal, 'stopped by force': illegal } as const;
const voidSeen = {
  cancelled: '!ItemIsVoided',
  'stopped by force': '!ItemIsVoided',
  'queued, one item voided': '!ItemIsVoided',
};

describe('a kitchen ticket, every command in every state', () => {
  decisionTable(ticket, histories, commands, {
    OpenTicket: inEvery('nothing', { none: 'TicketOpened', withdrawn: illegal }),
    FireTicket: inEvery('nothing', { ...over, scheduled: 'TicketFired' }),
    StartItem: inEvery('nothing', { ...over, ...voidSeen, scheduled: illegal, queued: 'ItemStarted' }),
    FinishItem: inEvery('nothing', {
      ...over,
      ...voidSeen,
      scheduled: illegal,
      queued: illegal,
      preparing: 'ItemDone',
    }),
    RecallItem: inEvery('nothing', {
      ...over,
      ...voidSeen,
      scheduled: illegal,
      queued: illegal,
      'preparing, one item done': 'ItemRecalled',
      ready: 'ItemRecalled',
      handed_over: illegal,
    }),
    BumpTicket: inEvery('nothing', {
      ...over,
      scheduled: illegal,
      queued: 'ItemStarted + ItemDone + ItemStarted + ItemDone + TicketReady',
      'queued, one item voided': 'ItemStarted + ItemDone + TicketReady',
      preparing: 'ItemDone + ItemStarted + ItemDone + TicketReady',
      'preparing, one item done': 'ItemStarted + ItemDone + TicketReady',
    }),
    RecallTicket: inEvery('nothing', {
      ...over,
      scheduled: illegal,
      'preparing, one item done': 'ItemRecalled',
      ready: 'ItemRecalled + ItemRecalled',
      handed_over: illegal,
    }),
    AddItems: inEvery('ItemsAdded', { ...over, handed_over: illegal }),
    VoidItem: inEvery('ItemVoided', {
      none: '!NotFound',
      withdrawn: illegal,
      'queued, one item voided': 'nothing',
      'preparing, one item done': '!AlreadyStarted',
      ready: '!AlreadyStarted',
      handed_over: illegal,
      cancelled: 'nothing',
      'stopped by force': 'nothing',
    }),
    AcknowledgeVoid: inEvery(illegal, {
      none: '!NotFound',
      'queued, one item voided': 'nothing',
      cancelled: 'nothing',
      'stopped by force': 'VoidAcknowledged',
    }),
    EscalateVoid: inEvery('nothing', { none: '!NotFound', withdrawn: illegal, 'stopped by force': 'VoidEscalated' }),
    CancelTicket: inEvery('TicketCancelled', {
      withdrawn: 'nothing',
      preparing: '!AlreadyStarted',
      'preparing, one item done': '!AlreadyStarted',
      ready: '!AlreadyStarted',
      handed_over: illegal,
      cancelled: 'nothing',
      'stopped by force': 'nothing',
    }),
    ChangePromise: inEvery('TicketPromiseChanged', { ...over, handed_over: illegal }),
    // these were opened before there were numbers
    Renumber: inEvery('nothing', { none: '!NotFound', withdrawn: illegal }),
    SetRush: inEvery('TicketPrioritised', { ...over, handed_over: illegal }),
    AddNote: inEvery('TicketNoteAdded', { ...over, handed_over: illegal }),
    HandOver: inEvery('!NotReady', { ...over, ready: 'TicketHandedOver', handed_over: 'nothing' }),
  });
});

describe('a kitchen ticket that is not wanted any more', () => {
  const byForce = (command: 'CancelTicket' | 'VoidItem') => ({ ...commands[command], force: true });

  it('is cancelled by force although it was begun, and what was begun waits to be seen', () => {
    const state = given(histories.preparing)
      .when(byForce('CancelTicket'))
      .then([cancelled(true)]);
    expect(state).to.deep.include({ status: 'cancelled' });
    const shown = representTicket(state, 2);
    expect(shown?.items.map(({ state: one, voided, unacknowledged }) => [one, voided, unacknowledged])).to.deep.equal([
      ['voided', 2, 2],
      ['voided', 2, 0],
    ]);
  });

  it('says what was begun when it is too late', () => {
    given(histories['preparing, one item done'])
      .when(commands.CancelTicket)
      .thenRejected('AlreadyStarted', { items: [{ itemId, name: 'Thing 1' }] });
  });

  it('is never opened after it was cancelled', () => {
    given([cancelled()]).when(commands.OpenTicket).thenRejected('IllegalTransition', { status: 'cancelled' });
  });

  it('loses some units of an item, and keeps the others', () => {
    const state = given([opened])
      .when({ ...commands.VoidItem, qty: 1 })
      .then([voidedItem(1, 1)]);
    expect(representTicket(state, 1)?.items[0]).to.include({ state: 'queued', qty: 2, voided: 1, unacknowledged: 0 });
  });

  it('has to be seen when it was being made', () => {
    given(histories.preparing)
      .when(commands.VoidItem)
      .then([voidedItem(1, 2, true)]);
    given([...histories.preparing, voidedItem(1, 2, true)])
      .when(commands.AcknowledgeVoid)
      .then([acknowledged]);
  });

  it('is told to somebody else when nobody saw it, once, and until somebody has', () => {
    const oneUnit = [...histories.preparing, voidedItem(1, 1, true)];
    const state = given(oneUnit).when(commands.EscalateVoid).then([escalated]);
    expect(representTicket(state, 3)?.items[0]).to.include({ escalated: true, unacknowledged: 1 });
    given([...oneUnit, escalated])
      .when(commands.EscalateVoid)
      .thenNothing();
    const seen = given([...oneUnit, escalated])
      .when(commands.AcknowledgeVoid)
      .then([acknowledged]);
    expect(representTicket(seen, 4)?.items[0]).not.to.have.property('escalated');
  });

  it('is not told to somebody else by the clock of a unit that was seen in time', () => {
    const again = [...histories.preparing, voidedItem(1, 1, true), acknowledged, voidedItem(1, 1, true)];
    given(again).when(commands.EscalateVoid).thenNothing();
    given(again)
      .when({ ...commands.EscalateVoid, seen: 1 })
      .then([escalated]);
  });

  it('counts what is voided before it is seen as one', () => {
    const both = [...histories.preparing, voidedItem(1, 1, true), voidedItem(1, 1, true)];
    given(both).when(commands.EscalateVoid).then([escalated]);
  });

  it('voids what is done by force alone', () => {
    given(histories.ready)
      .when(byForce('VoidItem'))
      .then([voidedItem(1, 2, true)]);
  });

  it('becomes ready when all that is left of it is done', () => {
    given([opened, started(2), done(2)])
      .when(commands.VoidItem)
      .then([voidedItem(), ready]);
  });

  it('is gone with its last item', () => {
    given([opened, voidedItem(2)])
      .when(commands.VoidItem)
      .then([
        voidedItem(),
        {
          type: 'TicketCancelled',
          data: { orderId: anOrder, reason: 'sold out', by: 'ana', forced: false, cancelledAt: later },
        },
      ]);
  });

  it('loses no more units than it has', () => {
    for (const qty of [0, 3, 1.5]) {
      given([opened])
        .when({ ...commands.VoidItem, qty })
        .thenRejected('InvalidQuantity', { quantity: qty, minimum: 1, maximum: 2 });
    }
  });
});

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

describe('a kitchen ticket as the board shows it', () => {
  const shown = (history: readonly TicketEvent[]) =>
    representTicket(fold(ticket, ticket.initial, history), history.length - 1);

  it('is not there before it is opened', () => {
    expect(shown([])).to.equal(undefined);
  });

  it('shows each item with its own state', () => {
    const view = shown([opened, started(1), done(1), started(2)]);
    expect(view).to.deep.include({
      id: idOf('ticket', 1),
      orderNumber: 'ABCD-EFGH-JKMN-7',
      state: 'preparing',
      revision: 3,
    });
    expect(view?.items.map(({ state }) => state)).to.deep.equal(['done', 'cooking']);
    expect(view).not.to.have.any.keys('readyAt', 'handedOverAt', 'pickupNo');
  });

  it('shows what is noted of it: the customer’s word first, then the staff’s, and of an item what its cook should know', () => {
    const note = sealedNote('for a birthday');
    const items = openedTicket().items.map((item, n) => (n === 0 ? { ...item, note: sealedNote('no onions') } : item));
    const added = (n: number): TicketEvent => ({
      type: 'TicketNoteAdded',
      data: { noteId: idOf('note', n), note: sealedNote(`note ${n}`), by: 'ana' },
    });
    const view = shown([{ type: 'TicketOpened', data: openedTicket({ note, items }) }, added(1), added(2)]);
    expect(view?.notes).to.deep.equal([note, sealedNote('note 1'), sealedNote('note 2')]);
    expect(view?.items.map((item) => item.note)).to.deep.equal([sealedNote('no onions'), undefined]);
    expect(shown([opened])).not.to.have.property('notes');
  });

  it('shows when it was ready and when it was handed over', () => {
    expect(shown(histories.handed_over)).to.deep.include({ state: 'handed_over', readyAt: later, handedOverAt: later });
    expect(shown([{ type: 'TicketOpened', data: openedTicket({ pickupNo: 7 }) }])).to.deep.include({ pickupNo: 7 });
  });
});
