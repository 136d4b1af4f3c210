import { expect } from 'chai';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { order, type OrderEvent } from '../../../src/domain/order/index.js';
import { UnprocessableEvent } from '../../../src/subscriptions/faults.js';
import { createFolds, RevisionNotThere } from '../../../src/subscriptions/folds.js';
import { isSystemFault } from '../../../src/subscriptions/systemFault.js';
import { anOrder, aPayment, dueAt, eur, placedOrder } from '../../support/fixtures.js';
import { MemoryLog } from '../../support/projections.js';

const stream = `order-${anOrder}`;
const events: readonly OrderEvent[] = [
  { type: 'OrderPlaced', data: placedOrder() },
  { type: 'StockSecured', data: { reservations: [] } },
  { type: 'OrderAccepted', data: { amountDue: eur(2_000), paymentId: aPayment, paymentDueAt: dueAt } },
  { type: 'PaymentLinkAttached', data: { paymentId: aPayment, url: 'http://localhost/pay', expiresAt: dueAt } },
  { type: 'OrderExpired', data: { dueAt } },
];
const stateAt = (revision: number) => fold(order, order.initial, events.slice(0, revision + 1));

describe('folds', () => {
  it('gives the state of every revision exactly, though the stream went on', async () => {
    const log = new MemoryLog();
    log.append(stream, ...events);
    const folds = createFolds({ reader: log });
    for (const revision of [0, 4, 2, 1, 3]) {
      expect(await folds.at(order, stream, revision)).to.deep.equal(stateAt(revision));
    }
  });

  it('reads nothing for a stream that it has followed from the beginning', async () => {
    const log = new MemoryLog();
    const folds = createFolds({ reader: log });
    await folds.latest(order, 'order-another');
    const before = log.reads;
    for (const event of log.append(stream, ...events)) folds.advance(event);
    for (let revision = 0; revision < events.length; revision++) {
      expect(await folds.at(order, stream, revision)).to.deep.equal(stateAt(revision));
    }
    expect(log.reads).to.equal(before);
  });

  it('is not confused by events that the feed brings twice, late or with a gap', async () => {
    const log = new MemoryLog();
    const folds = createFolds({ reader: log });
    await folds.latest(order, stream);
    const [first, second, third, fourth] = log.append(stream, ...events);
    for (const event of [first, second, first, second, fourth, third]) if (event) folds.advance(event);
    for (let revision = 0; revision < events.length; revision++) {
      expect(await folds.at(order, stream, revision)).to.deep.equal(stateAt(revision));
    }
  });

  it('reads a revision again that is older than the states it remembers', async () => {
    const log = new MemoryLog();
    log.append(stream, ...events);
    const folds = createFolds({ reader: log, maxStates: 2 });
    expect(await folds.at(order, stream, 4)).to.deep.equal(stateAt(4));
    expect(await folds.at(order, stream, 0)).to.deep.equal(stateAt(0));
    expect(await folds.at(order, stream, 4)).to.deep.equal(stateAt(4));
  });

  it('forgets streams that nobody asked for in a while, and reads them again', async () => {
    const log = new MemoryLog();
    log.append(stream, ...events);
    log.append('order-other', events[0] as OrderEvent);
    const folds = createFolds({ reader: log, maxStreams: 1 });
    expect(await folds.at(order, stream, 1)).to.deep.equal(stateAt(1));
    expect(await folds.at(order, 'order-other', 0)).to.deep.equal(stateAt(0));
    expect(await folds.at(order, stream, 1)).to.deep.equal(stateAt(1));
  });

  it('gives the newest state from the store, not from the feed', async () => {
    const log = new MemoryLog();
    const folds = createFolds({ reader: log });
    expect(await folds.latest(order, stream)).to.deep.equal({ state: order.initial, revision: -1 });
    log.append(stream, ...events);
    expect(await folds.latest(order, stream)).to.deep.equal({ state: stateAt(4), revision: 4 });
  });

  it('takes a revision that the store does not show yet for a fault of the system', async () => {
    const log = new MemoryLog();
    log.append(stream, ...events.slice(0, 2));
    const failure = await createFolds({ reader: log })
      .at(order, stream, 3)
      .catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(RevisionNotThere);
    expect(isSystemFault(failure)).to.equal(true);
  });

  it('refuses a stream that cannot be decoded', async () => {
    const log = new MemoryLog();
    log.appendStored(stream, 'OrderPlaced', { nonsense: true }, 1);
    const failure = await createFolds({ reader: log })
      .latest(order, stream)
      .catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(UnprocessableEvent);
  });
});
