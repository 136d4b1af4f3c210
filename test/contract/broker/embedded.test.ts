import { expect } from 'chai';
import { openJobs } from '../../../src/embedded/broker/jobs.js';
import { openEmbeddedBroker } from '../../../src/embedded/broker/open.js';
import { openPostgres } from '../../../src/infrastructure/postgres/database.js';
import type { PostgresDatabase } from '../../../src/infrastructure/postgres/database.js';
import { type Database, DatabaseUnavailable } from '../../../src/subscriptions/ports/database.js';
import { postgres } from '../../support/services/index.js';
import { until } from '../../support/until.js';
import { consumeElsewhere } from './consumeElsewhere.js';
import { brokerContract } from './contract.js';
import { aMessage } from './messages.js';

brokerContract('embedded in PostgreSQL', async () => {
  const server = await postgres();
  const { url } = await server.createDatabase();
  return {
    open: async (options) => {
      const database = openPostgres({ url, statementTimeoutMs: 2_000 });
      const broker = await openEmbeddedBroker({ ...options, database });
      let closed: Promise<void> | undefined;
      return { ...broker, close: () => (closed ??= broker.close().then(() => database.close())) };
    },
    server: () => server,
    address: () => ({ kind: 'embedded', url }),
  };
});

describe('the embedded broker beyond the contract', function () {
  this.timeout(300_000);
  let url: string;
  let database: PostgresDatabase;

  beforeEach(async () => {
    ({ url } = await (await postgres()).createDatabase());
    database = openPostgres({ url });
  });
  afterEach(() => database.close());

  it('gives up a message over which the program dies again and again', async () => {
    const broker = await openEmbeddedBroker({ database, crashLimit: 2 });
    const none = { queue: 'orders', bindings: ['#'], prefetch: 1, handle: () => Promise.resolve() };
    await (await broker.consumer.consume(none)).stop();
    const message = aMessage();
    await broker.publisher.publish(message);
    for (let life = 0; life < 2; life += 1) {
      const other = consumeElsewhere({ kind: 'embedded', url }, 'orders');
      await other.received(message.id);
      await other.kill();
    }
    await broker.consumer.consume(none);
    await until('it is a dead letter', async () => (await broker.deadLetters.count('orders')) === 1);
    const [letter] = await broker.deadLetters.list('orders', 1);
    expect(letter?.reason).to.equal('the program died 2 times while it had this message');
    await broker.close();
  });

  it('buries a message once when it never hears that the burial went through', async () => {
    let opened = false;
    let unheard = 0;
    const forgetful: Database = {
      query: (sql, params) => database.query(sql, params),
      transaction: async (work) => {
        const result = await database.transaction(work);
        if (!opened || unheard > 0) return result;
        unheard += 1;
        throw new DatabaseUnavailable('the connection was lost while committing', { ambiguous: true });
      },
    };
    const broker = await openEmbeddedBroker({ database: forgetful, retryDelaysMs: [] });
    opened = true;
    await broker.consumer.consume({
      queue: 'orders',
      bindings: ['#'],
      prefetch: 1,
      handle: () => Promise.reject(new Error('not today')),
    });
    await broker.publisher.publish(aMessage());
    await until(
      'it is given up',
      async () => (await database.query("SELECT 1 FROM pgboss.job WHERE name = 'orders'")).rowCount === 0,
    );
    await broker.close();
    expect(unheard).to.equal(1);
    expect(await broker.deadLetters.count('orders')).to.equal(1);
  });

  it('puts aside what is no CloudEvent', async () => {
    const broker = await openEmbeddedBroker({ database });
    const received: string[] = [];
    await broker.consumer.consume({
      queue: 'orders',
      bindings: ['#'],
      prefetch: 1,
      handle: ({ message }) => Promise.resolve(void received.push(message.id)),
    });
    const jobs = await openJobs(database);
    await jobs.insert([{ queue: 'orders', data: { body: '{"half":', attempt: 1 } }]);
    const message = aMessage();
    await broker.publisher.publish(message);
    await until('the bad one is put aside', async () => (await broker.deadLetters.count('orders')) === 1);
    await until('the good one has arrived', () => received.length === 1);
    const [letter] = await broker.deadLetters.list('orders', 1);
    expect(letter).to.include({ message: undefined, body: '{"half":' });
    expect(await broker.deadLetters.discard('orders', letter?.id ?? '')).to.equal(1);
    await broker.close();
  });

  it('takes up what another consumer of the same queue leaves, without working anything twice', async () => {
    const broker = await openEmbeddedBroker({ database });
    const received: string[] = [];
    const options = {
      queue: 'orders',
      bindings: ['#'],
      prefetch: 2,
      handle: ({ message }: { message: { id: string } }) => Promise.resolve(void received.push(message.id)),
    };
    const first = await broker.consumer.consume(options);
    const messages = Array.from({ length: 300 }, () => aMessage());
    const published = Promise.all(messages.map((message) => broker.publisher.publish(message)));
    await broker.consumer.consume(options);
    await published;
    await first.stop();
    await until('all have arrived', () => received.length >= messages.length);
    expect([...received].sort()).to.deep.equal(messages.map(({ id }) => id).sort());
    await broker.close();
  });
});
