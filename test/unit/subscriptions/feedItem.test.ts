import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import type { StoredEvent } from '../../../src/domain/kernel/storedEvent.js';
import { concerns, feedItem } from '../../../src/subscriptions/feed/feedItem.js';
import { placedOrder } from '../../support/fixtures.js';
import { MemoryLog } from '../../support/projections.js';

const storedAs = (stream: string, type: string, data: unknown, v = 1): StoredEvent => {
  const log = new MemoryLog();
  log.appendStored(stream, type, data, v);
  const [event] = log.events;
  if (!event) throw new Error('nothing was appended');
  return event;
};
const problem = (stored: StoredEvent) => {
  const { decoded } = feedItem(stored);
  return E.isLeft(decoded) ? decoded.left : undefined;
};

describe('an event of the feed', () => {
  it('is decoded with its envelope and its place', () => {
    const stored = storedAs('order-1', 'OrderPlaced', placedOrder());
    const { decoded } = feedItem(stored);
    if (E.isLeft(decoded)) throw new Error(decoded.left.reason);
    expect(decoded.right).to.deep.include({ stream: 'order-1', revision: 0, position: 100n, id: stored.id });
    expect(decoded.right.event).to.deep.equal({ type: 'OrderPlaced', data: placedOrder() });
    expect(decoded.right.meta.actor).to.deep.equal({ kind: 'system', id: 'test' });
  });

  it('says why it cannot be decoded', () => {
    expect(problem(storedAs('order-1', 'OrderTeleported', {}))).to.deep.equal({
      unknownType: true,
      reason: 'nobody knows the event type OrderTeleported',
    });
    expect(problem(storedAs('order-1', 'OrderPlaced', { orderId: 5 }))).to.have.property('unknownType', false);
    expect(problem(storedAs('order-1', 'OrderPlaced', placedOrder(), 99))?.reason).to.contain('version 99');
    expect(problem({ ...storedAs('order-1', 'OrderPlaced', placedOrder()), metadata: null })?.reason).to.match(
      /^metadata: /,
    );
  });

  it('concerns whoever wants its type, decoded or not', () => {
    const item = feedItem(storedAs('order-1', 'OrderPlaced', {}));
    expect(concerns(item, (type) => type === 'OrderPlaced', false)).to.equal(true);
    expect(concerns(item, (type) => type === 'OrderExpired', true)).to.equal(false);
  });

  it('of an unknown type concerns who folds streams of its kind, and nobody else', () => {
    const item = feedItem(storedAs('order-1', 'OrderTeleported', {}));
    const wantsOrders = (type: string): boolean => type === 'OrderExpired';
    expect(concerns(item, wantsOrders, true)).to.equal(true);
    expect(concerns(item, wantsOrders, false)).to.equal(false);
    expect(concerns(item, (type) => type === 'OfferPublished', true)).to.equal(false);
    const foreign = feedItem(storedAs('somebody-1', 'SomethingElse', {}));
    expect(concerns(foreign, () => true, true)).to.equal(false);
  });
});
