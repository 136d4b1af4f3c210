import { expect } from 'chai';
import { createExecutor } from '../../../src/commands/executor/createExecutor.js';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings/index.js';
import { type ConsumerParts, startConsumers } from '../../../src/main/roles/consumers.js';
import { QUEUES } from '../../../src/main/queues.js';
import { at } from '../../support/fixtures.js';
import { InMemoryEventStore } from '../../support/inMemory/eventStore.js';
import { keptLog } from '../../support/projections.js';
import { MemoryProvider } from '../../support/world/provider.js';

/** The queues that a process takes messages from. */
async function consumed(change: Pick<ConsumerParts, 'carrierSimulator' | 'checkEngine'>): Promise<readonly string[]> {
  const queues: string[] = [];
  const stops: (() => unknown)[] = [];
  const clock = { now: () => at };
  const executor = createExecutor({ eventStore: new InMemoryEventStore(), random: () => 0 });
  const { consuming } = startConsumers({
    core: { executor, clock, settings: { now: () => DEFAULT_SETTINGS } } as unknown as ConsumerParts['core'],
    database: {
      query: () => Promise.resolve({ rows: [], rowCount: 0 }),
      transaction: () => Promise.reject(new Error('nobody needs one')),
    },
    broker: {
      consumer: {
        declare: () => Promise.resolve(),
        consume: ({ queue }) => {
          queues.push(queue);
          return Promise.resolve({
            pause: () => Promise.resolve(),
            resume: () => undefined,
            stop: () => Promise.resolve(),
          });
        },
      },
      publisher: { publish: () => Promise.resolve() },
    },
    provider: new MemoryProvider(),
    carriers: [],
    personalData: { seal: () => Promise.reject(new Error('nothing to seal')), open: () => Promise.resolve(undefined) },
    sealed: { seal: (text) => text, open: (text) => text },
    mails: { send: () => Promise.resolve({ _tag: 'Sent' }) },
    returnTo: () => ({ successUrl: 'http://shop', cancelUrl: 'http://shop' }),
    tenant: 'main',
    log: keptLog(),
    closing: { add: (_stage, _name, stop) => void stops.push(stop) },
    ...change,
  });
  await consuming;
  await Promise.all(stops.map((stop) => stop()));
  return queues;
}

describe('the consumers of a process', () => {
  const all = QUEUES.map(({ queue }) => queue);

  it('take messages from every queue that there is', async () => {
    expect(await consumed({ carrierSimulator: true, checkEngine: true })).to.have.members(all);
  });

  it('leave the jobs of an engine alone that a program elsewhere takes the place of', async () => {
    const without = (queue: string): readonly string[] => all.filter((one) => one !== queue);
    expect(await consumed({ carrierSimulator: true, checkEngine: false })).to.have.members(without('check.jobs'));
    expect(await consumed({ carrierSimulator: false, checkEngine: true })).to.have.members(without('carrier.jobs'));
  });
});
