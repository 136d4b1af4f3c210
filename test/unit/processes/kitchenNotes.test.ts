import { expect } from 'chai';
import { ticketIdOf } from '../../../src/commands/identity.js';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { ticketStream } from '../../../src/domain/kernel/streams.js';
import { type ExistingOrder, order, type OrderEvent, type OrderMode } from '../../../src/domain/order/index.js';
import { kitchenNotes } from '../../../src/processes/kitchenNotes.js';
import { anOrder, idOf, main, placedOrder, sealedNote } from '../../support/fixtures.js';
import { names, playEvent, refusedWith, type World } from './support/play.js';
import { recorded } from './support/recorded.js';

type Visibility = Extract<OrderEvent, { type: 'NoteAdded' }>['data']['visibility'];

const note = (n: number, visibility: Visibility = 'kitchen'): OrderEvent => ({
  type: 'NoteAdded',
  data: { noteId: idOf('note', n), text: '', visibility, sealed: sealedNote(`note ${n}`) },
});
const confirmed: OrderEvent = { type: 'OrderConfirmed', data: { basis: 'captured' } };
const ticketId = ticketIdOf(anOrder, main);

const after = (events: readonly [OrderEvent, ...OrderEvent[]], mode: OrderMode = 'pickup', world?: World) => {
  const history: readonly OrderEvent[] = [{ type: 'OrderPlaced', data: placedOrder({ mode }) }, ...events];
  const last = events.at(-1) ?? confirmed;
  const state = fold(order, order.initial, history) as ExistingOrder;
  return playEvent(kitchenNotes, recorded(`order-${anOrder}`, last, history.length - 1), state, world);
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

  it('that were written before the order was confirmed come with that, all of them', () => {
    expect(after([note(1), note(2)])).to.deep.equal([]);
    expect(after([note(1), note(2), confirmed])).to.deep.equal([
      [added(1, 'kitchen-notes'), added(2, 'kitchen-notes')],
    ]);
    expect(after([confirmed])).to.deep.equal([]);
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
