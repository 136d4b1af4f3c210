import { expect } from 'chai';
import type { EventStore } from '../../src/commands/ports/eventStore.js';
import { run } from './run.js';
import type { Sabotage } from './world/installation.js';

/** How many seeds a missing guard may escape. */
const BOUND = 40;

/** What the first failing seed says, within the bound; undefined: nothing was noticed. */
async function caught(sabotage: Sabotage): Promise<string | undefined> {
  for (let seed = 1; seed <= BOUND; seed += 1) {
    const { failure } = await run(seed, { sabotage });
    if (failure) return failure.message;
  }
  return undefined;
}

/** An append that is confirmed and never stored, where it holds such events. */
const losing = (store: EventStore, lost: (type: string, data: unknown) => boolean): EventStore => ({
  ...store,
  append: (stream, events, expected) =>
    events.some(({ type, data }) => lost(type, data))
      ? Promise.resolve({ revision: expected === 'no_stream' ? 0 : expected + events.length, position: 1n })
      : store.append(stream, events, expected),
});

describe('The simulation catches', function () {
  this.timeout(0);

  it('a publisher that moves its checkpoint before the broker has confirmed', async () => {
    const message = await caught((ports) => ({
      ...ports,
      publisher: {
        publish: (fact) => {
          ports.publisher.publish(fact).catch(() => undefined);
          return Promise.resolve();
        },
      },
    }));
    expect(message).to.match(/every fact is published|comes to rest/);
  });

  it('an owner of a runner that commits after another one took it over', async () => {
    const unfenced = (sql: string): string => sql.replace(' AND epoch = $2', ' AND $2::bigint IS NOT NULL');
    const message = await caught((ports) => {
      const real = ports.database;
      const database: typeof real = {
        disconnect: () => real.disconnect(),
        query: (sql, params) => real.query(unfenced(sql), params),
        transaction: (work) =>
          real.transaction((tx) => work({ query: (sql, params) => tx.query(unfenced(sql), params) })),
      };
      return { ...ports, database };
    });
    expect(message).to.match(/only the owner of a runner/);
  });

  it('stock that an expired order does not give back', async () => {
    const message = await caught((ports) => ({
      ...ports,
      eventStore: losing(
        ports.eventStore,
        (type, data) => type === 'ReservationReleased' && (data as { why: string }).why === 'expired',
      ),
    }));
    expect(message).to.match(/every reservation has a live or fulfilled order/);
  });
});
