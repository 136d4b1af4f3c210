import { connect } from 'amqplib';
import type { ChannelModel, ConfirmChannel } from 'amqplib';
import { expect } from 'chai';
import { MessageFault } from '../../../src/consumers/ports/faults.js';
import { openRabbitMq } from '../../../src/infrastructure/rabbitmq/open.js';
import type { RabbitMq, RabbitMqOptions } from '../../../src/infrastructure/rabbitmq/open.js';
import { BrokerUnavailable } from '../../../src/projections/publishers/ports/messagePublisher.js';
import { rabbitmq } from '../../support/services/index.js';
import type { RabbitMqService } from '../../support/services/index.js';
import { until } from '../../support/until.js';
import { aMessage } from './messages.js';

describe('RabbitMQ beyond the contract', function () {
  this.timeout(300_000);
  let server: RabbitMqService;
  let url: string;
  let raw: ChannelModel;
  let channel: ConfirmChannel;
  let queue: string;
  const opened: RabbitMq[] = [];

  before(async () => {
    server = await rabbitmq();
    url = server.createVhost();
  });
  beforeEach(async () => {
    queue = server.uniqueName('orders');
    raw = await connect(url);
    raw.on('error', () => undefined);
    channel = await raw.createConfirmChannel();
    channel.on('error', () => undefined);
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((broker) => broker.close()));
    await raw.close().catch(() => undefined);
  });

  const open = async (options: Partial<RabbitMqOptions> = {}): Promise<RabbitMq> => {
    const broker = await openRabbitMq({
      url,
      retryDelaysMs: [50],
      breaker: { initialMs: 40, maxMs: 160 },
      publishTimeoutMs: 2_000,
      ...options,
    });
    opened.push(broker);
    return broker;
  };
  const consume = (broker: RabbitMq, handle: (id: string, attempt: number) => Promise<void>) =>
    broker.consumer.consume({
      queue,
      bindings: [queue],
      prefetch: 5,
      handle: ({ message, attempt }) => handle(message.id, attempt),
    });
  const sendRaw = async (body: string): Promise<void> => {
    channel.sendToQueue(queue, Buffer.from(body), { persistent: true });
    await channel.waitForConfirms();
  };

  it('puts aside what is no CloudEvent, and goes on with what is', async () => {
    const broker = await open();
    const received: string[] = [];
    await consume(broker, (id) => Promise.resolve(void received.push(id)));
    const bodies = [
      '{"half":',
      `["${'x'.repeat(100_000)}"]`,
      JSON.stringify({ ...aMessage(queue), specversion: '0.3' }),
    ];
    for (const body of bodies) await sendRaw(body);
    const message = aMessage(queue);
    await broker.publisher.publish(message);
    await until('the bad ones are put aside', async () => (await broker.deadLetters.count(queue)) === bodies.length);
    await until('the good one has arrived', () => received.length === 1);
    const letters = await broker.deadLetters.list(queue, 10);
    expect(letters.map(({ body }) => body)).to.have.members(bodies);
    expect(letters.map(({ message }) => message)).to.deep.equal([undefined, undefined, undefined]);
    expect(letters.filter(({ reason }) => reason.startsWith('not '))).to.have.length(bodies.length);
    // nobody gave the raw ones an id: each has one all the same, and is meant by it wherever it stands
    const [first, second] = letters;
    expect(await broker.deadLetters.retry(queue, first?.id ?? '')).to.equal(1);
    await until('it is put aside again', async () => (await broker.deadLetters.count(queue)) === bodies.length);
    expect(await broker.deadLetters.discard(queue, first?.id ?? '')).to.equal(1);
    const left = (await broker.deadLetters.list(queue, 10)).map(({ id }) => id);
    expect(left)
      .to.have.length(bodies.length - 1)
      .and.to.include(second?.id)
      .and.not.to.include(first?.id);
    expect(await broker.deadLetters.purge(queue)).to.equal(bodies.length - 1);
  });

  it('loses nothing when the queue for retries has been deleted', async () => {
    const broker = await open();
    const attempts: number[] = [];
    await consume(broker, (_id, attempt) => {
      attempts.push(attempt);
      return attempt === 1 ? Promise.reject(new MessageFault('not yet')) : Promise.resolve();
    });
    await channel.deleteQueue(`${queue}.retry.50`);
    await broker.publisher.publish(aMessage(queue));
    await until('the retry has come', () => attempts.includes(2));
  });

  it('does not take a dead letter out of its place when its consumer has no queue any more', async () => {
    const broker = await open({ retryDelaysMs: [] });
    const consumption = await consume(broker, () => Promise.reject(new MessageFault('bad')));
    await broker.publisher.publish(aMessage(queue));
    await until('it is a dead letter', async () => (await broker.deadLetters.count(queue)) === 1);
    await consumption.stop();
    await channel.deleteQueue(queue);
    const failure = await broker.deadLetters.retry(queue).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(Error);
    expect((failure as Error).message).to.contain(`the queue ${queue} does not exist`);
    // RabbitMQ puts it back when it has noticed that the channel is closed, which is a moment after the close was answered
    await until('it is in its place again', async () => (await broker.deadLetters.count(queue)) === 1);
  });

  it('puts every dead letter back once, however many there are and however soon they are given up again', async () => {
    const broker = await open({ retryDelaysMs: [] });
    await (await consume(broker, () => Promise.resolve())).stop();
    // more than are held in memory at a time
    const many = 1_200;
    for (let n = 0; n < many; n++) channel.sendToQueue(`${queue}.dead`, Buffer.from('{"half":'), { persistent: true });
    await channel.waitForConfirms();
    await consume(broker, () => Promise.resolve());
    expect(await broker.deadLetters.retry(queue)).to.equal(many);
    await until('all are given up again', async () => (await broker.deadLetters.count(queue)) === many);
    expect(await broker.deadLetters.purge(queue)).to.equal(many);
  });

  it('keeps as a dead letter what the broker itself gave up after too many deliveries', async () => {
    const broker = await open();
    await (await consume(broker, () => Promise.resolve())).stop();
    const message = aMessage(queue);
    await sendRaw(JSON.stringify(message));
    let taken = 0;
    await channel.consume(queue, (received) => {
      if (received === null) return;
      taken += 1;
      channel.nack(received, false, true);
    });
    await until('the broker has given it up', async () => (await broker.deadLetters.count(queue)) === 1);
    expect(taken).to.be.greaterThan(20);
    const [letter] = await broker.deadLetters.list(queue, 1);
    expect(letter).to.include({ id: message.id, reason: 'given up by RabbitMQ: delivery_limit' });
  });

  it('consumes as soon as the broker is up, when it was down at the start', async () => {
    const witness = await open();
    await (await consume(witness, () => Promise.resolve())).stop();
    const message = aMessage(queue);
    await witness.publisher.publish(message);
    await server.kill();
    const broker = await open();
    const received: string[] = [];
    const consuming = consume(broker, (id) => Promise.resolve(void received.push(id)));
    await server.start();
    await consuming;
    await until('it has arrived', () => received.length === 1);
    expect(received).to.deep.equal([message.id]);
  });

  it('notices a frozen broker by its missing heartbeats, and is back when it goes on', async () => {
    const lines: string[] = [];
    const broker = await open({ url: `${url}?heartbeat=1`, log: (line) => lines.push(line) });
    const received: string[] = [];
    await consume(broker, (id) => Promise.resolve(void received.push(id)));
    await server.freeze();
    await until('it is noticed', () => lines.some((line) => /the connection is lost/.test(line)));
    await server.thaw();
    const message = aMessage(queue);
    await until('publishing works again', () =>
      broker.publisher.publish(message).then(
        () => true,
        () => false,
      ),
    );
    await until('it has arrived', () => received.includes(message.id));
  });

  it('does not call a message published that some queue must take and none does', async () => {
    const broker = await open({ mustReach: [queue] });
    const message = aMessage(queue);
    const refused = await broker.publisher.publish(message).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(BrokerUnavailable);
    await broker.publisher.publish(aMessage(`${queue}.others`));
    await broker.consumer.declare({ queue, bindings: [queue] });
    await broker.publisher.publish(message);
    await until('it has arrived', async () => (await channel.checkQueue(queue)).messageCount === 1);
  });

  it('gives a stop precedence over a message that waits for the system for ever', async () => {
    const broker = await open();
    let tries = 0;
    const consumption = await consume(broker, () => {
      tries += 1;
      return Promise.reject(Object.assign(new Error('down'), { isSystemFault: true }));
    });
    for (let i = 0; i < 12; i += 1) await broker.publisher.publish(aMessage(queue));
    await until('it has been tried', () => tries > 0);
    await consumption.stop();
    // a quorum queue counts its messages a little later
    await until('all are back', async () => (await channel.checkQueue(queue)).messageCount === 12);
  });
});
