import { expect } from 'chai';
import { ticketIdOf } from '../../../src/commands/identity.js';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { ticketStream } from '../../../src/domain/kernel/streams.js';
import { type ExistingOrder, order, type OrderEvent, type OrderMode } from '../../../src/domain/order/index.js';
import type { Related } from '../../../src/processes/engine/related.js';
import { kitchenNotes } from '../../../src/processes/kitchenNotes.js';
import { anOrder, at, idOf, main, openedTicket, placedOrder, sealedNote } from '../../support/fixtures.js';
import { names, playEvent, refusedWith, type World } from './support/play.js';
import { recorded } from './support/recorded.js';

type Visibility = Extract<OrderEvent, { type: 'NoteAdded' }>['data']['visibility'];

const note = (n: number, visibility: Visibility = 'kitchen'): OrderEvent => ({
  type: 'NoteAdded',
  data: { noteId: idOf('note', n), text: '', visibility, sealed: sealedNote(`note ${n}`) },
});
const confirmed: OrderEvent = { type: 'OrderConfirmed', data: { basis: 'captured' } };
const ticketId = ticketIdOf(anOrder, main);

/** The order as it stands after these events. */
const orderWith = (events: readonly OrderEvent[], mode: OrderMode = 'pickup') =>
  fold(order, order.initial, [{ type: 'OrderPlaced', data: placedOrder({ mode }) }, ...events]) as ExistingOrder;
const after = (events: readonly [OrderEvent, ...OrderEvent[]], mode: OrderMode = 'pickup', world?: World) =>
  playEvent(
    kitchenNotes,
    recorded(`order-${anOrder}`, events.at(-1) ?? confirmed, events.length),
    orderWith(events, mode),
    world,
  );
const opening = recorded(`ticket-${ticketId}`, { type: 'TicketOpened', data: openedTicket() });
/** What follows when the ticket is opened, of an order that is known as it was a while ago, and stands in the store as it does. */
const whenOpened = async (known: readonly OrderEvent[], stored = known) => {
  const folds = {} as never;
  const related: Related = {
    known: () => Promise.resolve(orderWith(known) as never),
    latest: () => Promise.resolve(orderWith(stored) as never),
    settings: () => Promise.reject(new Error('nobody needs them')),
    now: () => at,
  };
  return playEvent(kitchenNotes, opening, await kitchenNotes.load(opening, folds, related));
};
const added = (n: number, by = 'admin/local') => ({
  kind: 'ticket',
  name: `note ${idOf('note', n)}`,
  stream: ticketStream(ticketId),
  command: { type: 'AddNote', noteId: idOf('note', n), note: sealedNote(`note ${n}`), by },
});

describe('kitchen notes', () => {
  it('come onto the ticket of an order that the kitchen has, each by itself', () => {
    expect(after([note(1), confirmed, note(2)])).to.deep.equal([[added(2)]]);
  });

  it('that were written before the order was confirmed come with its ticket, all of them, and nobody waits', async () => {
    expect(after([note(1), note(2)])).to.deep.equal([]);
    expect(kitchenNotes.wants('OrderConfirmed'), 'the ticket would not be there yet').to.equal(false);
    const both = [[added(1, 'kitchen-notes'), added(2, 'kitchen-notes')]];
    expect(await whenOpened([note(1), note(2), confirmed])).to.deep.equal(both);
    expect(await whenOpened([note(1)], [note(1), note(2), confirmed])).to.deep.equal(both);
    expect(await whenOpened([confirmed])).to.deep.equal([]);
  });

  it('wait for a ticket that is not open yet, and for none that was taken away', () => {
    const refuse =
      (rejection: { readonly _tag: string; readonly what?: string }): World =>
      () =>
        refusedWith(rejection);
    expect(names(after([confirmed, note(1)], 'pickup', refuse({ _tag: 'NotFound', what: 'ticket' })))).to.deep.equal([
      ['AddNote'],
      ['later'],
    ]);
    expect(names(after([confirmed, note(1)], 'pickup', refuse({ _tag: 'IllegalTransition' })))).to.deep.equal([
      ['AddNote'],
    ]);
  });

  it('are no notes for others, or about what no kitchen makes, or from before notes were sealed', () => {
    expect(after([confirmed, note(1, 'staff')])).to.deep.equal([]);
    expect(after([confirmed, note(1, 'customer')])).to.deep.equal([]);
    expect(after([confirmed, note(1)], 'shipping')).to.deep.equal([]);
    const old: OrderEvent = {
      type: 'NoteAdded',
      data: { noteId: idOf('note', 1), text: 'in clear', visibility: 'kitchen' },
    };
    expect(after([confirmed, old])).to.deep.equal([]);
  });
});
