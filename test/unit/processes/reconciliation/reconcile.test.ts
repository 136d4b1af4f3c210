import { expect } from 'chai';
import { orderStream } from '../../../../src/domain/kernel/streams.js';
import type { Reaction } from '../../../../src/processes/engine/engine.js';
import { TryAgainLater } from '../../../../src/processes/engine/faults.js';
import { reconcile, type ReconciliationParts } from '../../../../src/processes/reconciliation/reconcile.js';
import { anOrder } from '../../../support/fixtures.js';
import { histories } from '../../domain/order/histories.js';
import { recorded } from '../support/recorded.js';

const none = () => Promise.resolve([]);
async function* nothing(): AsyncGenerator<never> {
  // a provider without books
}

/** A reconciliation of one discarded event at a time, its process answering like that: what was settled and which tasks were opened. */
async function reconciled(hear: () => Promise<void>, now: string) {
  const stream = orderStream(anOrder);
  const settled: string[] = [];
  const tasks: string[] = [];
  const one = { runner: 'placing', position: '17', stream, revision: 0, type: 'OrderPlaced' };
  const parts = {
    books: { disputes: nothing, sessions: nothing, charges: nothing, refunds: nothing, refundsOf: none },
    leftovers: {
      unfinishedOrders: none,
      deadOrdersAtWork: none,
      ordersWithoutPage: none,
      paymentsBetween: none,
      refundsUnderWay: none,
      refundsOwed: none,
      amendmentsWaiting: none,
      stockItems: none,
      webhooksWaiting: () => Promise.resolve(0),
    },
    history: () => Promise.resolve(histories.placed.map((event, revision) => recorded(stream, event, revision))),
    discards: {
      waiting: () => Promise.resolve([{ ...one, discardedAt: '2024-05-04T12:00:00.000Z' }]),
      settled: ({ position }: { position: string }) => Promise.resolve(void settled.push(position)),
    },
  } as unknown as ReconciliationParts;
  const engine = {
    run: ({ first }: Reaction) => Promise.resolve(void tasks.push(...first.map(({ kind }) => kind))),
  };
  const result = await reconcile({ ...parts, engine, clock: { now: () => now }, tenant: 'main', hear }, 'minutes');
  return { result, settled, tasks };
}

describe('a reconciliation of what somebody discarded', () => {
  const soon = '2024-05-04T12:30:00.000Z';
  const later = () => Promise.reject(new TryAgainLater('the ticket is not open yet'));

  it('is done with it once its process has heard of it', async () => {
    const { result, settled, tasks } = await reconciled(() => Promise.resolve(), soon);
    expect([result, settled, tasks]).to.deep.equal([{ mended: 1, opened: 0 }, ['17'], []]);
  });

  it('opens a task where its process cannot work it even now', async () => {
    const { result, settled, tasks } = await reconciled(() => Promise.reject(new TypeError('no sense')), soon);
    expect([result, settled, tasks]).to.deep.equal([{ mended: 0, opened: 1 }, ['17'], ['task']]);
  });

  it('lets it wait for a day where its process waits for something, and mends the rest meanwhile', async () => {
    for (const now of [soon, '2024-05-05T12:00:00.000Z']) {
      const { result, settled, tasks } = await reconciled(later, now);
      expect([result, settled, tasks]).to.deep.equal([{ mended: 0, opened: 0 }, [], []]);
    }
    const { settled, tasks } = await reconciled(later, '2024-05-05T12:00:00.001Z');
    expect([settled, tasks]).to.deep.equal([['17'], ['task']]);
  });

  it('ends where a system does not answer, and is not done with it', async () => {
    const away = Object.assign(new Error('the store is away'), { isSystemFault: true });
    const failure = await reconciled(() => Promise.reject(away), soon).catch((error: unknown) => error);
    expect(failure).to.equal(away);
  });
});
