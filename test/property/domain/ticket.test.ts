import { expect } from 'chai';
import fc from 'fast-check';
import { representTicket, ticket, type TicketCommand } from '../../../src/domain/ticket/index.js';
import { at, idOf, openedTicket } from '../../support/fixtures.js';
import { walk } from '../../support/walk.js';

const itemIds = fc.integer({ min: 1, max: 3 }).map((n) => idOf('ticketItem', n)); // the third is not on the ticket
const open: TicketCommand = { type: 'OpenTicket', ticket: openedTicket() };
const anyCommand: fc.Arbitrary<TicketCommand> = fc.oneof(
  fc.constant(open),
  itemIds.map((itemId): TicketCommand => ({ type: 'StartItem', itemId, by: 'ana' })),
  itemIds.map((itemId): TicketCommand => ({ type: 'FinishItem', itemId, by: 'ana', at })),
  fc.constant<TicketCommand>({ type: 'BumpTicket', by: 'ana', at }),
  fc.constant<TicketCommand>({ type: 'HandOver', to: 'customer', at }),
);

describe('a kitchen ticket, whatever is asked of it', () => {
  it('is ready exactly when every item is done, and handed over only then', () => {
    fc.assert(
      fc.property(fc.array(anyCommand, { maxLength: 20 }), (commands) => {
        walk(ticket, commands, ({ before, after }) => {
          if (after.status === 'none') return;
          const states = after.items.map(({ state }) => state);
          const allDone = states.every((state) => state === 'done');
          expect(after.status === 'ready' || after.status === 'handed_over').to.equal(allDone);
          expect(after.status === 'queued').to.equal(states.every((state) => state === 'queued'));
          if (after.status === 'handed_over' && before.status !== 'handed_over')
            expect(before.status).to.equal('ready');
          expect(representTicket(after, 0).state).to.equal(after.status);
        });
      }),
      { numRuns: 500 },
    );
  });
});
