import { expect } from 'chai';
import fc from 'fast-check';
import type { DomainEvent } from '../../../src/domain/events.js';
import type { DomainEventShape } from '../../../src/domain/kernel/envelope.js';
import { offer } from '../../../src/domain/offer/index.js';
import { order } from '../../../src/domain/order/index.js';
import { stock } from '../../../src/domain/stock/index.js';
import { ticket } from '../../../src/domain/ticket/index.js';
import { type Document, evolveDocument, type Folding } from '../../../src/projections/documents/document.js';
import { UnprocessableEvent } from '../../../src/subscriptions/faults.js';
import { recorded } from '../../support/projections.js';
import { busyStock, changedOffer, rejectedOrder, servedOrder, servedTicket } from './histories.js';

function behavesAsADocument<State, Event extends DomainEventShape>(
  folding: Folding<State, Event>,
  history: readonly DomainEvent[],
): void {
  const events = recorded(`${folding.category}-1`, history);
  const evolve = (document: Document<State> | null, given: typeof events): Document<State> | null =>
    given.reduce<Document<State> | null>((evolving, event) => evolveDocument(folding, evolving, event), document);
  const folded = history.reduce<State>(
    (state, event) => folding.evolve(state, event as unknown as Event),
    folding.initial,
  );

  it('equals the fold of its stream', () => {
    expect(evolve(null, events)).to.deep.equal({ revision: history.length - 1, state: folded });
  });

  it('is the same when every event, or any stretch of them, is handled twice', () => {
    const once = evolve(null, events);
    expect(evolve(once, events)).to.deep.equal(once);
    fc.assert(
      fc.property(fc.nat(history.length), fc.nat(history.length), (reached, backTo) => {
        const sofar = evolve(null, events.slice(0, reached));
        expect(evolve(sofar, events.slice(Math.min(backTo, reached)))).to.deep.equal(once);
      }),
    );
  });

  it('refuses to leave out an event', () => {
    const [first, , third] = events;
    if (!first || !third) throw new Error('the history is too short');
    expect(() => evolve(null, [first, third])).to.throw(UnprocessableEvent, 'stands at 0');
    expect(() => evolve(null, [third])).to.throw(UnprocessableEvent, 'stands at -1');
  });
}

describe('a document of', () => {
  describe('an order that is served', () => behavesAsADocument(order, servedOrder()));
  describe('an order that is rejected', () => behavesAsADocument(order, rejectedOrder()));
  describe('a ticket', () => behavesAsADocument(ticket, servedTicket));
  describe('a stock item', () => behavesAsADocument(stock, busyStock));
  describe('an offer', () => behavesAsADocument(offer, changedOffer()));
});
