import { expect } from 'chai';
import type { RecordedEvent } from '../../../../src/domain/events.js';
import { orderStream, paymentStream, stockStream, type StreamName } from '../../../../src/domain/kernel/streams.js';
import { discardedFindings } from '../../../../src/processes/reconciliation/discardedEvents.js';
import type { Finding } from '../../../../src/processes/reconciliation/finding.js';
import type { DiscardedEvent } from '../../../../src/subscriptions/parking/discarded.js';
import { anOrder, aPayment, main, sku } from '../../../support/fixtures.js';
import { histories, orderHeld } from '../../domain/order/histories.js';
import { recorded } from '../support/recorded.js';

const NOW = '2024-05-04T13:00:00.000Z';

const discarded = (runner: string, stream: StreamName, revision: number, type: string): DiscardedEvent => ({
  runner,
  position: '17',
  stream,
  revision,
  type,
  discardedAt: '2024-05-04T12:30:00.000Z',
});

async function found(one: DiscardedEvent, history: readonly RecordedEvent[] | Error): Promise<readonly Finding[]> {
  const asked: string[] = [];
  const parts = {
    discards: {
      waiting: (before: string) => {
        asked.push(before);
        return Promise.resolve([one]);
      },
    },
    history: (_: StreamName, { fromRevision = 0, maxCount = Infinity } = {}) =>
      history instanceof Error
        ? Promise.reject(history)
        : Promise.resolve(history.slice(fromRevision, fromRevision + maxCount)),
  };
  const findings: Finding[] = [];
  for await (const finding of discardedFindings(parts, NOW)) findings.push(finding);
  expect(asked, 'somebody may still be at it').to.deep.equal(['2024-05-04T12:45:00.000Z']);
  return findings;
}

describe('an event that somebody discarded', () => {
  const stream = orderStream(anOrder);
  const ofOrder = [...histories.on_hold, orderHeld()].map((event, revision) => recorded(stream, event, revision));

  it('is heard by its process once more, and what that wants of what came since in the life of the same thing', async () => {
    const [finding] = await found(discarded('tasks', stream, 1, 'OrderHeld'), ofOrder);
    expect(finding?.again?.process).to.equal('tasks');
    expect(finding?.again?.recorded.revision).to.equal(1);
    expect(finding?.again?.then?.map(({ revision }) => revision)).to.deep.equal([2]);
    expect(finding?.about).to.deep.equal({ orderId: anOrder });
    // placing has no business with holds
    const [placed] = await found(discarded('placing', stream, 0, 'OrderPlaced'), ofOrder);
    expect(placed?.again?.then).to.deep.equal([]);
  });

  it('is heard alone where its stream is about many orders', async () => {
    const shelf = stockStream(sku('soup'), main);
    const sent = ofOrder.map((one, revision) => ({ ...one, stream: shelf, revision }));
    const [finding] = await found(discarded('tasks', shelf, 0, 'StockShortfallDetected'), sent);
    expect(finding?.again?.then).to.deep.equal([]);
  });

  it('is a word of how a refund ended: orders and payments are compared for that', async () => {
    const ended = ofOrder.map((one) => ({ ...one, stream: paymentStream(aPayment) }));
    for (const type of ['RefundSucceeded', 'RefundFailed', 'ForeignRefundRecorded']) {
      const [finding] = await found(discarded('refund', paymentStream(aPayment), 1, type), ended);
      expect(finding?.isFoundOtherwise).to.equal(true);
      expect(finding).not.to.have.property('again');
    }
  });

  it('is somebody’s task where nobody can read it, no process of that name is there, or it was to be published', async () => {
    for (const [runner, history] of [
      ['tasks', new Error('nobody can read it')],
      ['tasks', ofOrder.slice(0, 1)],
      ['publisher', ofOrder],
    ] as const) {
      const [finding, ...more] = await found(discarded(runner, stream, 1, 'OrderHeld'), history);
      expect(more).to.deep.equal([]);
      expect(finding).not.to.have.any.keys('again', 'mend', 'isFoundOtherwise');
      expect(finding?.discarded?.position).to.equal('17');
      expect(finding?.text).to.include(runner).and.to.include('OrderHeld').and.to.include(stream);
    }
  });

  it('waits where a system does not answer', async () => {
    const away = Object.assign(new Error('the store is away'), { isSystemFault: true });
    const failure = await found(discarded('tasks', stream, 1, 'OrderHeld'), away).catch((error: unknown) => error);
    expect(failure).to.equal(away);
  });
});
