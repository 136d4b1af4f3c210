import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import { createExecutor } from '../../../src/commands/executor/createExecutor.js';
import type { LocationId } from '../../../src/domain/kernel/ids.js';
import { pickupCounterStream, type StreamName } from '../../../src/domain/kernel/streams.js';
import { pickupCounter } from '../../../src/domain/pickup/index.js';
import { openEventStore, type OpenEventStore } from '../../../src/infrastructure/eventstore/index.js';
import { openPostgres, type PostgresDatabase } from '../../../src/infrastructure/postgres/database.js';
import { migrate } from '../../../src/infrastructure/postgres/migrate.js';
import { type CounterParts, sweepCounters } from '../../../src/processes/housekeeping/counters.js';
import { idOf } from '../../support/fixtures.js';
import { testEventStore, type TestEventStore } from '../../support/eventstore/index.js';
import { postgres, type SuiteDatabase } from '../../support/services/index.js';
import { contextFor } from '../../support/world/shop.js';

const NOW = '2024-05-04T12:00:00.000Z';
/** The newest business day that is long over on that day, and the oldest that is not. */
const OVER = '2024-04-03';
const KEPT = '2024-04-04';

describe('pickup counters of days that are long over', function () {
  this.timeout(60_000);
  let server: TestEventStore;
  let store: OpenEventStore;
  let suite: SuiteDatabase;
  let database: PostgresDatabase;
  let parts: CounterParts;
  let numbers: number;
  /** A location that no other test has used. */
  let place: LocationId;

  before(async () => {
    server = await testEventStore();
    store = openEventStore({ url: server.url });
    suite = await (await postgres()).createDatabase();
    await migrate({ url: suite.url, readModels: [] });
    database = openPostgres({ url: suite.url, maxConnections: 2 });
  });
  beforeEach(() => {
    numbers = 0;
    place = `place_${process.pid}_${Math.random().toString(36).slice(2)}` as LocationId;
    parts = { database, streams: store.removal, locations: () => Promise.resolve([place]) };
  });
  after(async () => {
    await store.close();
    await server.stop();
    await database.close();
    await suite.drop();
  });

  async function give(date: string): Promise<number> {
    const executor = createExecutor({ eventStore: store.eventStore, random: () => 0 });
    const stream = pickupCounterStream(place, date);
    const ticketId = idOf('ticket', ++numbers);
    const answer = await executor.execute(
      pickupCounter,
      stream,
      { type: 'GivePickupNumber', ticketId },
      contextFor(stream, ticketId),
    );
    if (E.isLeft(answer)) throw new Error(answer.left._tag);
    return answer.right.state.last;
  }
  async function left(...dates: readonly string[]): Promise<readonly number[]> {
    const counts: number[] = [];
    for (const date of dates) {
      let count = 0;
      for await (const _ of store.eventStore.read(pickupCounterStream(place, date))) count += 1;
      counts.push(count);
    }
    return counts;
  }

  it('are deleted, and no other: each number of a day that is not is the next one', async () => {
    for (const date of ['2024-02-01', OVER, OVER, KEPT, KEPT, '2024-05-04']) await give(date);
    expect(await sweepCounters(parts, NOW)).to.equal(2);
    expect(await left('2024-02-01', OVER, KEPT, '2024-05-04')).to.deep.equal([0, 0, 2, 1]);
    expect([await give(KEPT), await give('2024-05-04')]).to.deep.equal([3, 2]);
  });

  it('are looked at once, and the next day those that are over by then', async () => {
    const asked: string[] = [];
    const watched: CounterParts = {
      ...parts,
      streams: {
        remove: (stream) => {
          asked.push(stream);
          return store.removal.remove(stream);
        },
      },
    };
    await give(OVER);
    await give(KEPT);
    expect(await sweepCounters(watched, NOW)).to.equal(1);
    const first = asked.length;
    expect(first).to.be.greaterThan(30);
    expect(await sweepCounters(watched, NOW)).to.equal(0);
    expect(asked).to.have.length(first);
    expect(await sweepCounters(watched, '2024-05-05T00:10:00.000Z')).to.equal(1);
    expect(asked.slice(first)).to.deep.equal([pickupCounterStream(place, KEPT)]);
  });

  it('stay while somebody writes to them, with all that was written', async () => {
    await give(OVER);
    // between our look and our word somebody takes a number
    const busy: CounterParts = {
      ...parts,
      streams: { remove: (stream) => (stream === over() ? Promise.resolve('moved') : store.removal.remove(stream)) },
    };
    expect(await sweepCounters(busy, NOW)).to.equal(0);
    expect(await left(OVER)).to.deep.equal([1]);
    expect(await sweepCounters(parts, NOW)).to.equal(1);
  });
  const over = (): StreamName => pickupCounterStream(place, OVER);

  it('are found deleted where a process died before it could say so', async () => {
    await give(OVER);
    const query: typeof database.query = (sql, values) =>
      sql.includes('INSERT') ? Promise.reject(new Error('killed')) : database.query(sql, values);
    const failed = await sweepCounters({ ...parts, database: { query } }, NOW).catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(Error);
    expect(await left(OVER)).to.deep.equal([0]);
    expect(await sweepCounters(parts, NOW)).to.equal(0);
    const { rows } = await database.query<{ through: string }>(
      'SELECT through FROM swept_counters WHERE location_id = $1',
      [place],
    );
    expect(rows).to.deep.equal([{ through: OVER }]);
  });
});

describe('removing a stream', function () {
  this.timeout(60_000);
  let server: TestEventStore;
  let store: OpenEventStore;
  before(async () => {
    server = await testEventStore();
    store = openEventStore({ url: server.url });
  });
  after(async () => {
    await store.close();
    await server.stop();
  });

  it('says that there was nothing, or what it did; twice is once', async () => {
    const stream = pickupCounterStream(`place_${process.pid}_removal` as LocationId, OVER);
    expect(await store.removal.remove(stream)).to.equal('nothing');
    const executor = createExecutor({ eventStore: store.eventStore, random: () => 0 });
    await executor.execute(
      pickupCounter,
      stream,
      { type: 'GivePickupNumber', ticketId: idOf('ticket', 1) },
      contextFor(stream, 'number'),
    );
    expect([await store.removal.remove(stream), await store.removal.remove(stream)]).to.deep.equal([
      'removed',
      'nothing',
    ]);
  });
});
