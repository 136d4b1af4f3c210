import { expect } from 'chai';
import { fold } from '../../../../src/domain/kernel/aggregate.js';
import { representTicket, ticket, type TicketEvent } from '../../../../src/domain/ticket/index.js';
import { idOf, later, openedTicket, sealedNote } from '../../../support/fixtures.js';
import { done, histories, opened, started } from './histories.js';

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
