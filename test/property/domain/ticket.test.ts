import { expect } from 'chai';
import fc from 'fast-check';
import {
  activeItems,
  isOpened,
  representTicket,
  ticket,
  type TicketCommand,
} from '../../../src/domain/ticket/index.js';
import { anOrder, at, idOf, later, openedTicket, sealedNote } from '../../support/fixtures.js';
import { walk } from '../../support/walk.js';

const itemIds = fc.integer({ min: 1, max: 3 }).map((n) => idOf('ticketItem', n)); // the third is not on the ticket
const times = fc.constantFrom(at, later, '2024-05-04T13:00:00.000Z', '2024-05-04T14:00:00.000Z');
const open: TicketCommand = { type: 'OpenTicket', ticket: openedTicket() };
const scheduled: TicketCommand = { type: 'OpenTicket', ticket: openedTicket({ promisedAt: later, fireAt: later }) };
const cancel: TicketCommand = {
  type: 'CancelTicket',
  orderId: anOrder,
  reason: 'changed my mind',
  by: 'ana',
  at,
  force: false,
};

/** Every command that there is, each in many shapes: one that is left out does not compile. */
const everyCommand: {
  readonly [Type in TicketCommand['type']]: fc.Arbitrary<Extract<TicketCommand, { type: Type }>>;
} = {
  OpenTicket: fc.constant(open),
  FireTicket: fc
    .option(times, { nil: undefined })
    .map((planned) => ({ type: 'FireTicket', by: 'ana', at, ...(planned === undefined ? {} : { planned }) })),
  StartItem: itemIds.map((itemId) => ({ type: 'StartItem', itemId, by: 'ana' })),
  FinishItem: itemIds.map((itemId) => ({ type: 'FinishItem', itemId, by: 'ana', at })),
  RecallItem: itemIds.map((itemId) => ({ type: 'RecallItem', itemId, by: 'ana' })),
  BumpTicket: fc.constant({ type: 'BumpTicket', by: 'ana', at }),
  RecallTicket: fc.constant({ type: 'RecallTicket', by: 'ana' }),
  AddItems: itemIds.map((itemId) => ({
    type: 'AddItems',
    batch: itemId,
    at,
    items: openedTicket().items.map((item) => ({ ...item, itemId })),
  })),
  VoidItem: fc
    .record({ itemId: itemIds, qty: fc.integer({ min: 1, max: 3 }), force: fc.boolean() })
    .map((change) => ({ type: 'VoidItem', reason: 'sold out', by: 'ana', at, ...change })),
  AcknowledgeVoid: itemIds.map((itemId) => ({ type: 'AcknowledgeVoid', itemId, by: 'ana' })),
  EscalateVoid: fc
    .record({ itemId: itemIds, seen: fc.integer({ min: 0, max: 2 }) })
    .map((which) => ({ type: 'EscalateVoid', by: 'ana', at, ...which })),
  CancelTicket: fc.boolean().map((force) => ({ ...cancel, force })),
  ChangePromise: fc
    .record({ promisedAt: times, fireAt: times })
    .map((promise) => ({ type: 'ChangePromise', by: 'ana', at, ...promise })),
  Renumber: fc
    .constantFrom('2024-05-04', '2024-05-05')
    .map((businessDate) => ({ type: 'Renumber', pickupNo: 3, businessDate })),
  SetRush: fc.boolean().map((rush) => ({ type: 'SetRush', rush, by: 'ana' })),
  AddNote: fc
    .constantFrom(1, 2)
    .map((n) => ({ type: 'AddNote', noteId: idOf('note', n), note: sealedNote(`note ${n}`), by: 'ana' })),
  HandOver: fc.constant({ type: 'HandOver', to: 'customer', at }),
};
/** What ends a ticket comes less often, or none would live for long. */
const anyCommand: fc.Arbitrary<TicketCommand> = fc.oneof(
  ...Object.entries<fc.Arbitrary<TicketCommand>>(everyCommand).map(([type, arbitrary]) => ({
    weight: type === 'CancelTicket' ? 1 : 4,
    arbitrary,
  })),
);
const opening = fc.constantFrom(open, open, scheduled);

describe('a kitchen ticket, whatever is asked of it', () => {
  it('is ready exactly when every item that is wanted is done and there is one, and handed over only then', () => {
    fc.assert(
      fc.property(opening, fc.array(anyCommand, { maxLength: 30 }), (first, commands) => {
        walk(ticket, [first, ...commands], ({ before, after }) => {
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
          if (after.status === 'queued' || after.status === 'scheduled')
            expect(wanted.every(({ state }) => state === 'queued')).to.equal(true);
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
      fc.property(opening, fc.array(anyCommand, { maxLength: 10 }), (first, commands) => {
        walk(ticket, [first, ...commands, cancel], ({ before, command, after }) => {
          if (command !== cancel || !isOpened(before) || !isOpened(after)) return;
          if (before.status === 'cancelled') return;
          expect(before.items.every(({ state }) => state === 'queued' || state === 'voided')).to.equal(true);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('comes to the cooks once, at the time that its last promise plans, and what is over stays as it is', () => {
    fc.assert(
      fc.property(fc.array(anyCommand, { maxLength: 30 }), (commands) => {
        let fired = 0;
        walk(ticket, [scheduled, ...commands], ({ before, command, events, after }) => {
          fired += events.filter(({ type }) => type === 'TicketFired').length;
          if (!isOpened(after)) return;
          expect(fired, 'fired once').to.equal(after.status === 'scheduled' || fired === 0 ? 0 : 1);
          if (!isOpened(before)) return;
          // a timer that was set for another promise fires nothing
          if (command.type === 'FireTicket' && command.planned !== undefined && command.planned !== before.fireAt)
            expect(events).to.deep.equal([]);
          if (command.type === 'ChangePromise' && events.length > 0)
            expect(after.promisedAt).to.equal(command.promisedAt);
          if (before.status === 'handed_over' || before.status === 'cancelled') {
            expect(after.status).to.equal(before.status);
            // only that somebody has seen what was called off, or has not
            for (const { type } of events) expect(type).to.be.oneOf(['VoidAcknowledged', 'VoidEscalated']);
          }
          const ids = after.notes?.map(({ noteId }) => noteId) ?? [];
          expect(new Set(ids).size, 'each note once').to.equal(ids.length);
        });
      }),
      { numRuns: 500 },
    );
  });
});
