import { randomUUID } from 'node:crypto';
import { type ConfirmChannel, type ChannelModel, connect } from 'amqplib';
import { expect } from 'chai';
import { openPostgres, type PostgresDatabase } from '../../src/infrastructure/postgres/database.js';
import { openRabbitMq, type RabbitMq } from '../../src/infrastructure/rabbitmq/open.js';
import { QUEUES } from '../../src/main/queues.js';
import { testEventStore } from '../support/eventstore/index.js';
import { services } from '../support/services/index.js';
import { type Environment, place, run } from './support/comanda.js';

const QUEUE = 'kitchen.order-confirmed';
const RUNNER = 'placing';
const STREAM = 'order-ord_suite';

describe("the operator's commands on PostgreSQL, RabbitMQ and an event store, while no Comanda runs", function () {
  this.timeout(900_000);
  let environment: Environment;
  let database: PostgresDatabase;
  let broker: RabbitMq;
  let raw: ChannelModel;
  let channel: ConfirmChannel;
  const closing: (() => Promise<unknown>)[] = [];

  before(async () => {
    const { postgres, rabbitmq, redis } = await services();
    const [ground, store] = await Promise.all([postgres.createDatabase(), testEventStore()]);
    closing.push(
      () => ground.drop(),
      () => store.stop(),
    );
    const url = rabbitmq.createVhost();
    const own = await place({
      POSTGRES_URL: ground.url,
      RABBITMQ_URL: url,
      REDIS_URL: redis.url,
      EVENTSTORE_URL: store.url,
    });
    closing.push(own.dispose);
    ({ environment } = own);
    broker = await openRabbitMq({ url });
    closing.push(() => broker.close());
    const queue = QUEUES.find((candidate) => candidate.queue === QUEUE);
    if (!queue) throw new Error(`there is no ${QUEUE}`);
    await broker.consumer.declare(queue);
    raw = await connect(url);
    closing.push(() => raw.close());
    channel = await raw.createConfirmChannel();
    database = openPostgres({ url: ground.url });
    closing.push(() => database.close());
  });
  after(async () => {
    for (const close of closing.reverse()) await close();
  });

  const comanda = async (...args: readonly string[]) => {
    const command = run(args, environment);
    const code = await command.exit;
    return { code, printed: command.printed(), complained: command.complained() };
  };

  describe('on dead letters', () => {
    const bury = async (body: string): Promise<void> => {
      channel.sendToQueue(`${QUEUE}.dead`, Buffer.from(body), {
        persistent: true,
        headers: { 'x-comanda-attempt': 4 },
      });
      await channel.waitForConfirms();
    };
    const id = randomUUID();
    const message = JSON.stringify({
      specversion: '1.0',
      id,
      source: '/comanda',
      type: 'order.confirmed.v1',
      subject: 'ord_suite',
      time: '2026-03-02T09:30:00.000Z',
      datacontenttype: 'application/json',
      dataschema: '/schemas/order.confirmed.v1',
      streamrevision: 3,
      position: '77',
      correlationid: randomUUID(),
      causationid: randomUUID(),
      tenant: 'main',
      data: { orderId: 'ord_suite' },
    });

    it('list them, show one, put it back on its own queue as a first attempt, and drop one', async () => {
      await bury(message);
      await bury('{"half":');
      const list = await comanda('dlq', 'list', QUEUE);
      expect(list).to.include({ code: 0, complained: '' });
      expect(list.printed).to.match(/^kitchen.order-confirmed: 2 dead letters\n/);
      expect(list.printed).to.match(new RegExp(`${id} │ order.confirmed.v1 │ ord_suite │ 4`));
      const unreadable = /│ (\S+) +│ unreadable/.exec(list.printed)?.[1] ?? '';

      const show = await comanda('dlq', 'show', QUEUE, id);
      expect(show).to.include({ code: 0, complained: '' });
      expect(JSON.parse(show.printed.slice(show.printed.indexOf('{')))).to.deep.equal(JSON.parse(message));
      expect((await comanda('dlq', 'show', QUEUE, unreadable)).printed).to.match(/\n\{"half":\n$/);

      const retry = await comanda('dlq', 'retry', QUEUE, id);
      expect(retry).to.deep.equal({ code: 0, printed: `Put 1 message back on ${QUEUE}.\n`, complained: '' });
      const received = await channel.get(QUEUE);
      if (received === false) throw new Error(`${QUEUE} is empty`);
      expect(received.content.toString()).to.equal(message);
      expect(received.properties.headers).to.include({ 'x-comanda-attempt': 1 });
      channel.ack(received);

      const unasked = await comanda('dlq', 'discard', QUEUE, unreadable);
      expect([unasked.code, unasked.complained]).to.deep.equal([
        1,
        'comanda: nothing was discarded: say --yes to agree\n',
      ]);
      expect((await comanda('dlq', 'discard', QUEUE, unreadable, '--yes')).printed).to.contain('Discarded 1 message.');
      expect(await broker.deadLetters.count(QUEUE)).to.equal(0);
    });

    it('refuse queues and letters that are not there, without asking anything', async () => {
      for (const args of [
        ['show', 'nobody', id],
        ['retry', QUEUE, 'none'],
        ['discard', QUEUE, 'none'],
      ]) {
        const { code, printed, complained } = await comanda('dlq', ...args);
        expect([code, printed], args.join(' ')).to.deep.equal([1, '']);
        expect(complained).to.match(
          /^comanda: (there is no queue nobody|kitchen.order-confirmed has no dead letter none)/,
        );
      }
    });
  });

  describe('on parked events', () => {
    beforeEach(async () => {
      await database.query('TRUNCATE parked');
      await database.query(
        `INSERT INTO parked (runner, position, stream, revision, event_id, event_type, reason)
         SELECT $1, revision + 10, $2, revision, gen_random_uuid(), 'OrderPlaced', 'for the suite'
         FROM generate_series(0, 2) AS revision`,
        [RUNNER, STREAM],
      );
    });

    it('refuse to drop one out of order before they ask whether it may be lost', async () => {
      const { code, printed, complained } = await comanda('parked', 'discard', `${RUNNER}@11`);
      expect([code, printed]).to.deep.equal([1, '']);
      expect(complained).to.match(/^comanda: placing@11 comes after placing@10, which is parked too/);
    });

    it('say what is lost before they ask, and change nothing unless somebody agrees', async () => {
      const asked = await comanda('parked', 'discard', `${RUNNER}@11`, '--following');
      expect([asked.code, asked.complained]).to.deep.equal([1, 'comanda: nothing was discarded: say --yes to agree\n']);
      expect(asked.printed).to.contain(`OrderPlaced of ${STREAM} (revision 1) nor 1 event parked behind it.`);
      const { rows } = await database.query('SELECT 1 FROM parked WHERE asked IS NULL');
      expect(rows).to.have.length(3);
    });
  });
});
