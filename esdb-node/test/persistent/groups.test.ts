import type { EventStoreDBClient } from '@eventstore/db-client';
import {
  END,
  PersistentSubscriptionDoesNotExistError,
  PersistentSubscriptionDroppedError,
  PersistentSubscriptionExistsError,
  PersistentSubscriptionFailedError,
  PersistentSubscriptionMaximumSubscribersReachedError,
  START,
  persistentSubscriptionToAllSettingsFromDefaults,
  streamNameFilter,
} from '@eventstore/db-client';
import { expect } from 'chai';
import { failureOf, freshStream, numbered, several } from '../support/events.js';
import { againstRealServer, onEveryServer } from '../support/node.js';
import { until } from '../support/poll.js';
import { GROUP, TestConsumer, connect, settings } from './group.js';

onEveryServer('persistent subscriptions', (server) => {
  const client = (): EventStoreDBClient => server().client;
  const open: TestConsumer[] = [];
  const consume = async (stream: string, options?: Parameters<typeof connect>[2]): Promise<TestConsumer> => {
    const consumer = await connect(client(), stream, options);
    open.push(consumer);
    return consumer;
  };
  const streamWith = async (
    events: number,
    changes?: Parameters<typeof settings>[0],
    label = 'work',
  ): Promise<string> => {
    const stream = freshStream(label);
    if (events > 0) await client().appendToStream(stream, several(events));
    await client().createPersistentSubscriptionToStream(stream, GROUP, settings(changes));
    return stream;
  };
  const stats = async (stream: string): Promise<{ parked: bigint; outstanding: number }> => {
    const { parkedMessageCount, outstandingMessagesCount } = (
      await client().getPersistentSubscriptionToStreamInfo(stream, GROUP)
    ).stats;
    return { parked: parkedMessageCount, outstanding: outstandingMessagesCount };
  };
  afterEach(async () => {
    await Promise.all(open.splice(0).map((consumer) => consumer.leave()));
  });

  describe('managing groups', () => {
    it('creates, tells of, changes and deletes a group', async () => {
      const stream = await streamWith(1);
      await client().updatePersistentSubscriptionToStream(stream, GROUP, settings({ maxRetryCount: 3 }));
      const info = await client().getPersistentSubscriptionToStreamInfo(stream, GROUP);
      expect(info.settings.maxRetryCount).to.equal(3);
      expect(info.settings.startFrom).to.equal(START);
      const listed = await client().listPersistentSubscriptionsToStream(stream);
      expect(listed.map(({ groupName }) => groupName)).to.deep.equal([GROUP]);
      await client().deletePersistentSubscriptionToStream(stream, GROUP);
      const gone = await failureOf(client().getPersistentSubscriptionToStreamInfo(stream, GROUP));
      expect(gone).to.be.instanceOf(PersistentSubscriptionDoesNotExistError);
    });

    it('refuses a group that exists, and settings that make no sense', async () => {
      const stream = await streamWith(0);
      const again = await failureOf(client().createPersistentSubscriptionToStream(stream, GROUP, settings()));
      expect(again).to.be.instanceOf(PersistentSubscriptionExistsError);
      const bad = settings({ readBatchSize: 10, historyBufferSize: 10 });
      const failed = await failureOf(client().createPersistentSubscriptionToStream(stream, 'other', bad));
      expect(failed).to.be.instanceOf(PersistentSubscriptionFailedError);
    });

    it('drops the consumers of a group that is changed or deleted', async () => {
      const stream = await streamWith(1);
      const first = await consume(stream);
      await client().updatePersistentSubscriptionToStream(stream, GROUP, settings());
      await first.until(({ error }) => error !== undefined);
      const second = await consume(stream);
      await client().deletePersistentSubscriptionToStream(stream, GROUP);
      await second.until(({ error }) => error !== undefined);
      expect(first.error).to.be.instanceOf(PersistentSubscriptionDroppedError);
      expect(second.error).to.be.instanceOf(PersistentSubscriptionDroppedError);
    });

    it('refuses more consumers than a group may have, and takes one again when one has left', async () => {
      const stream = await streamWith(0, { maxSubscriberCount: 1 });
      const first = await consume(stream);
      const refused = await consume(stream);
      expect(refused.error).to.be.instanceOf(PersistentSubscriptionMaximumSubscribersReachedError);
      await first.leave();
      const info = () => client().getPersistentSubscriptionToStreamInfo(stream, GROUP);
      await until(info, ({ connections }) => connections.length === 0);
      expect((await consume(stream)).confirmed).to.equal(true);
    });
  });

  describe('delivering', () => {
    it('gives history and what comes, each once, in order, through small buffers', async () => {
      const stream = await streamWith(60, { readBatchSize: 5, historyBufferSize: 10, liveBufferSize: 10 });
      const consumer = (await consume(stream, { bufferSize: 3 })).ackAll();
      for (let n = 60; n < 120; n += 20) await client().appendToStream(stream, several(20, n));
      await consumer.has(120);
      expect(consumer.numbers).to.deep.equal(Array.from({ length: 120 }, (_, k) => k));
    });

    it('starts behind everything that was there when it was created, with or without a consumer', async () => {
      const stream = await streamWith(2, { startFrom: END });
      await client().appendToStream(stream, several(2, 2));
      const consumer = await consume(stream);
      await consumer.has(2);
      expect(consumer.numbers).to.deep.equal([2, 3]);
    });

    it('holds no more messages with a consumer than it asked for', async () => {
      const stream = await streamWith(10);
      const consumer = await consume(stream, { bufferSize: 2 });
      await consumer.has(2);
      expect((await stats(stream)).outstanding).to.equal(2);
      await consumer.ack(0);
      await consumer.has(3);
      expect(consumer.numbers).to.deep.equal([0, 1, 2]);
    });

    it('gives what a consumer held to another one when it leaves', async () => {
      const stream = await streamWith(4, { consumerStrategyName: 'DispatchToSingle' });
      const first = await consume(stream);
      await first.has(4);
      const second = await consume(stream);
      await first.ack(1);
      await until(
        () => stats(stream),
        ({ outstanding }) => outstanding === 3,
      );
      await first.leave();
      await second.has(3);
      expect(second.deliveries.map(({ n, retries }) => [n, retries])).to.deep.equal([
        [0, 1],
        [2, 1],
        [3, 1],
      ]);
    });

    it('shares messages evenly among consumers (RoundRobin)', async () => {
      const stream = await streamWith(0, { consumerStrategyName: 'RoundRobin' });
      const [a, b] = [await consume(stream), await consume(stream)];
      await client().appendToStream(stream, several(8));
      await Promise.all([a.has(4), b.has(4)]);
      expect([a.numbers, b.numbers]).to.deep.equal([
        [0, 2, 4, 6],
        [1, 3, 5, 7],
      ]);
    });

    it('keeps the events of a stream with one consumer (Pinned)', async () => {
      const prefix = freshStream('pin');
      const group = freshStream('group');
      const all = persistentSubscriptionToAllSettingsFromDefaults({ consumerStrategyName: 'Pinned', startFrom: END });
      const filter = streamNameFilter({ prefixes: [prefix] });
      await client().createPersistentSubscriptionToAll(group, all, { filter });
      const consumers = [0, 1, 2].map(
        () => new TestConsumer(client().subscribeToPersistentSubscriptionToAll(group, { bufferSize: 50 })),
      );
      open.push(...consumers);
      await Promise.all(consumers.map((one) => one.until(({ confirmed }) => confirmed)));
      for (let n = 0; n < 30; n += 1) await client().appendToStream(`${prefix}-${n % 10}`, numbered(n));
      const total = (): number => consumers.reduce((sum, { deliveries }) => sum + deliveries.length, 0);
      await until(
        () => Promise.resolve(total()),
        (count) => count === 30,
      );
      for (let k = 0; k < 10; k += 1) {
        const owners = consumers.filter(({ numbers }) => numbers.some((n) => n % 10 === k));
        expect(owners.length).to.equal(1);
      }
      await client().deletePersistentSubscriptionToAll(group);
    });

    it('reads the whole log through a filter', async () => {
      const [wanted, other] = [freshStream('wanted'), freshStream('other')];
      const group = freshStream('group');
      const all = persistentSubscriptionToAllSettingsFromDefaults({ startFrom: START });
      await client().appendToStream(wanted, several(2));
      await client().appendToStream(other, several(2, 10));
      await client().createPersistentSubscriptionToAll(group, all, {
        filter: streamNameFilter({ prefixes: [wanted] }),
      });
      const consumer = new TestConsumer(client().subscribeToPersistentSubscriptionToAll(group, { bufferSize: 10 }));
      open.push(consumer);
      await consumer.has(2);
      await client().appendToStream(wanted, numbered(2));
      await consumer.has(3);
      expect(consumer.numbers).to.deep.equal([0, 1, 2]);
      await client().deletePersistentSubscriptionToAll(group);
    });
  });

  describe('answers', () => {
    it('tries again what is refused with retry, and parks it when it was tried often enough', async () => {
      const stream = await streamWith(1, { maxRetryCount: 1 });
      const consumer = await consume(stream);
      await consumer.has(1);
      await consumer.nack('retry', 0);
      await consumer.has(2);
      expect(consumer.deliveries[1]?.retries).to.equal(1);
      await consumer.nack('retry', 1);
      await until(
        () => stats(stream),
        ({ parked }) => parked === 1n,
      );
      expect(consumer.numbers).to.deep.equal([0, 0]);
    });

    it('tries again what is not answered in time', async () => {
      const stream = await streamWith(1, { messageTimeout: 200 });
      const consumer = await consume(stream);
      await consumer.has(2);
      expect(consumer.deliveries.map(({ retries }) => retries)).to.deep.equal([0, 1]);
    });

    it('parks on demand, and replays what is parked before anything new', async () => {
      const stream = await streamWith(3);
      const consumer = await consume(stream);
      await consumer.has(3);
      await consumer.nack('park', 2, 0);
      await consumer.ack(1);
      await until(
        () => stats(stream),
        ({ parked }) => parked === 2n,
      );
      await consumer.leave();
      await client().appendToStream(stream, numbered(3));
      await client().replayParkedMessagesToStream(stream, GROUP);
      const next = await consume(stream);
      await next.has(3);
      expect(next.numbers).to.deep.equal([2, 0, 3]);
      expect((await stats(stream)).parked).to.equal(0n);
    });

    // a real server loses sight of these messages
    if (againstRealServer) return;

    it('replays everything after a replay that was told to stop at once', async () => {
      const stream = await streamWith(2);
      const consumer = await consume(stream);
      await consumer.has(2);
      await consumer.nack('park', 0, 1);
      await until(
        () => stats(stream),
        ({ parked }) => parked === 2n,
      );
      await client().replayParkedMessagesToStream(stream, GROUP, { stopAt: 0 });
      await client().replayParkedMessagesToStream(stream, GROUP);
      await consumer.has(4);
      expect(consumer.numbers).to.deep.equal([0, 1, 0, 1]);
    });

    it('parks replayed messages again that nobody finished before the group was started anew', async () => {
      const stream = await streamWith(1);
      const consumer = await consume(stream);
      await consumer.has(1);
      await consumer.nack('park', 0);
      await until(
        () => stats(stream),
        ({ parked }) => parked === 1n,
      );
      await client().replayParkedMessagesToStream(stream, GROUP);
      await consumer.has(2);
      await client().updatePersistentSubscriptionToStream(stream, GROUP, settings());
      await until(
        () => stats(stream),
        ({ parked }) => parked === 1n,
      );
    });
  });

  it('goes on from its checkpoint when it is changed', async () => {
    const quick = { checkPointAfter: 1, checkPointLowerBound: 1, checkPointUpperBound: 2 };
    const stream = await streamWith(4, quick);
    const consumer = await consume(stream);
    await consumer.has(4);
    await consumer.ack(0, 1, 3);
    const info = () => client().getPersistentSubscriptionToStreamInfo(stream, GROUP);
    await until(info, ({ stats: { lastCheckpointedEventRevision } }) => lastCheckpointedEventRevision === 1n);
    await client().updatePersistentSubscriptionToStream(stream, GROUP, settings(quick));
    const next = await consume(stream);
    await next.has(2);
    expect(next.numbers).to.deep.equal([2, 3]);
  });
});
