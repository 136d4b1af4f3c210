import { expect } from 'chai';
import { fold } from '../../../../src/domain/kernel/aggregate.js';
import {
  representTicket,
  ticket,
  type TicketCommand,
  type TicketEvent,
  type TicketStatus,
} from '../../../../src/domain/ticket/index.js';
import { at, idOf, later, openedTicket } from '../../../support/fixtures.js';
import { decisionTable, everywhere } from '../../../support/decisionTable.js';
import { specificationOf } from '../../../support/given.js';

const opened: TicketEvent = { type: 'TicketOpened', data: openedTicket() };
const itemId = idOf('ticketItem', 1);
const started = (item = 1): TicketEvent => ({
  type: 'ItemStarted',
  data: { itemId: idOf('ticketItem', item), station: 'main', by: 'ana' },
});
const done = (item = 1): TicketEvent => ({
  type: 'ItemDone',
  data: { itemId: idOf('ticketItem', item), station: 'main', by: 'ana' },
});
const ready: TicketEvent = { type: 'TicketReady', data: { readyAt: later } };
const handedOver: TicketEvent = { type: 'TicketHandedOver', data: { to: 'customer', handedOverAt: later } };

const cooked = [opened, started(1), started(2), done(1), done(2), ready];
/** How a ticket comes to each status; while preparing, its first item is cooking. */
const histories: Readonly<Record<TicketStatus | 'none' | 'preparing, one item done', readonly TicketEvent[]>> = {
  none: [],
  queued: [opened],
  preparing: [opened, started(1)],
  'preparing, one item done': [opened, started(1), done(1)],
  ready: cooked,
  handed_over: [...cooked, handedOver],
};
const commands: { readonly [Type in TicketCommand['type']]: Extract<TicketCommand, { type: Type }> } = {
  OpenTicket: { type: 'OpenTicket', ticket: openedTicket() },
  StartItem: { type: 'StartItem', itemId, by: 'ana' },
  FinishItem: { type: 'FinishItem', itemId, by: 'ana', at: later },
  BumpTicket: { type: 'BumpTicket', by: 'ana', at: later },
  HandOver: { type: 'HandOver', to: 'customer', at: later },
};
const given = specificationOf(ticket);
const inEvery = everywhere(histories);

describe('a kitchen ticket, every command in every state', () => {
  decisionTable(ticket, histories, commands, {
    OpenTicket: inEvery('nothing', { none: 'TicketOpened' }),
    StartItem: inEvery('nothing', { none: '!NotFound', queued: 'ItemStarted' }),
    FinishItem: inEvery('nothing', { none: '!NotFound', queued: '!IllegalTransition', preparing: 'ItemDone' }),
    BumpTicket: inEvery('nothing', {
      none: '!NotFound',
      queued: 'ItemStarted + ItemDone + ItemStarted + ItemDone + TicketReady',
      preparing: 'ItemDone + ItemStarted + ItemDone + TicketReady',
      'preparing, one item done': 'ItemStarted + ItemDone + TicketReady',
    }),
    HandOver: inEvery('!NotReady', { none: '!NotFound', ready: 'TicketHandedOver', handed_over: 'nothing' }),
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

  it('shows when it was ready and when it was handed over', () => {
    expect(shown(histories.handed_over)).to.deep.include({ state: 'handed_over', readyAt: later, handedOverAt: later });
    expect(shown([{ type: 'TicketOpened', data: openedTicket({ pickupNo: 7 }) }])).to.deep.include({ pickupNo: 7 });
  });
});
