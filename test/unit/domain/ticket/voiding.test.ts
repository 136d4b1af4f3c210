import { expect } from 'chai';
import { representTicket, ticket } from '../../../../src/domain/ticket/index.js';
import { anOrder, later } from '../../../support/fixtures.js';
import { specificationOf } from '../../../support/given.js';
import {
  acknowledged,
  cancelled,
  commands,
  done,
  escalated,
  histories,
  itemId,
  opened,
  ready,
  started,
  voidedItem,
} from './histories.js';

const given = specificationOf(ticket);

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
