import { expect } from 'chai';
import fc from 'fast-check';
import {
  activeItems,
  isOpened,
  representTicket,
  ticket,
  type TicketCommand,
} from '../../../src/domain/ticket/index.js';
import { anOrder, at, idOf, openedTicket } from '../../support/fixtures.js';
import { walk } from '../../support/walk.js';

const itemIds = fc.integer({ min: 1, max: 3 }).map((n) => idOf('ticketItem', n)); // the third is not on the ticket
const open: TicketCommand = { type: 'OpenTicket', ticket: openedTicket() };
const anyCommand: fc.Arbitrary<TicketCommand> = fc.oneof(
  fc.constant(open),
  itemIds.map((itemId): TicketCommand => ({ type: 'StartItem', itemId, by: 'ana' })),
  itemIds.map((itemId): TicketCommand => ({ type: 'FinishItem', itemId, by: 'ana', at })),
  itemIds.map((itemId): TicketCommand => ({ type: 'RecallItem', itemId, by: 'ana' })),
  fc.constant<TicketCommand>({ type: 'BumpTicket', by: 'ana', at }),
  fc.constant<TicketCommand>({ type: 'RecallTicket', by: 'ana' }),
  fc
    .record({ itemId: itemIds, qty: fc.integer({ min: 1, max: 3 }), force: fc.boolean() })
    .map((change): TicketCommand => ({ type: 'VoidItem', reason: 'sold out', by: 'ana', at, ...change })),
  itemIds.map((itemId): TicketCommand => ({ type: 'AcknowledgeVoid', itemId, by: 'ana' })),
  fc
    .record({ itemId: itemIds, seen: fc.integer({ min: 0, max: 2 }) })
    .map((which): TicketCommand => ({ type: 'EscalateVoid', by: 'ana', at, ...which })),
  itemIds.map((itemId): TicketCommand => ({
    type: 'AddItems',
    batch: itemId,
    at,
    items: openedTicket().items.map((item) => ({ ...item, itemId })),
  })),
  fc.constant<TicketCommand>({ type: 'HandOver', to: 'customer', at }),
);
const cancel: TicketCommand = {
  type: 'CancelTicket',
  orderId: anOrder,
  reason: 'changed my mind',
  by: 'ana',
  at,
  force: false,
};

describe('a kitchen ticket, whatever is asked of it', () => {
  it('is ready exactly when every item that is wanted is done and there is one, and handed over only then', () => {
    fc.assert(
      fc.property(fc.array(anyCommand, { maxLength: 20 }), (commands) => {
        walk(ticket, [open, ...commands], ({ before, after }) => {
          if (!isOpened(after)) return;
          const wanted = activeItems(after);
          for (const { qty, voided, unacknowledged, escalated, state } of after.items) {
            expect(voided).to.be.at.most(qty);
            expect(unacknowledged).to.be.at.most(voided);
            if (escalated) expect(unacknowledged).to.be.at.least(1);
            expect(state === 'voided').to.equal(voided === qty);
          }
          const allDone = wanted.length > 0 && wanted.every(({ state }) => state === 'done');
          expect(after.status === 'ready' || after.status === 'handed_over').to.equal(allDone);
          expect(after.status === 'cancelled').to.equal(wanted.length === 0);
          if (after.status === 'queued') expect(wanted.every(({ state }) => state === 'queued')).to.equal(true);
          if (after.status === 'handed_over' && before.status !== 'handed_over')
            expect(before.status).to.equal('ready');
          expect(representTicket(after, 0).state).to.equal(after.status);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('is not cancelled after the first item was begun, unless by force', () => {
    fc.assert(
      fc.property(fc.array(anyCommand, { maxLength: 10 }), (commands) => {
        walk(ticket, [open, ...commands, cancel], ({ before, command, after }) => {
          if (command !== cancel || !isOpened(before) || !isOpened(after)) return;
          if (before.status === 'cancelled') return;
          expect(before.items.every(({ state }) => state === 'queued' || state === 'voided')).to.equal(true);
        });
      }),
      { numRuns: 300 },
    );
  });
});
