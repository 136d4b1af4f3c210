import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  EventStoreDBClient,
  persistentSubscriptionToAllSettingsFromDefaults,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import { expect } from 'chai';
import type { RunningNode } from '../../src/index.js';
import { startNode } from '../../src/index.js';
import { freshStream, numbered, several } from '../support/events.js';
import { until } from '../support/poll.js';
import { GROUP, TestConsumer, connect, settings } from './group.js';

describe('persistent subscriptions, after a restart of the node', () => {
  let data: string;
  let node: RunningNode | undefined;
  let client: EventStoreDBClient;
  const start = async (): Promise<void> => {
    node = await startNode({ storage: 'lmdb', data, projections: 'off' });
    client = EventStoreDBClient.connectionString(node.connectionString);
  };
  const stop = async (): Promise<void> => {
    await client.dispose();
    await node?.stop();
    node = undefined;
  };
  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'esdb-persistent-'));
    await start();
  });
  afterEach(async () => {
    if (node) await stop();
    await rm(data, { recursive: true, force: true });
  });

  it('are there with their settings, checkpoints and parked messages', async () => {
    const stream = freshStream();
    await client.appendToStream(stream, several(5));
    const wanted = { maxRetryCount: 4, checkPointAfter: 1, checkPointLowerBound: 1, checkPointUpperBound: 1 };
    await client.createPersistentSubscriptionToStream(stream, GROUP, settings(wanted));
    const consumer = await connect(client, stream);
    await consumer.has(5);
    await consumer.ack(0, 1);
    await consumer.nack('park', 2);
    const info = () => client.getPersistentSubscriptionToStreamInfo(stream, GROUP);
    await until(info, ({ stats }) => stats.lastCheckpointedEventRevision === 2n && stats.parkedMessageCount === 1n);
    await stop();
    await start();
    const after = await info();
    expect(after.settings.maxRetryCount).to.equal(4);
    expect(after.stats.parkedMessageCount).to.equal(1n);
    const next = await connect(client, stream);
    await next.has(2);
    expect(next.numbers).to.deep.equal([3, 4]);
    await client.replayParkedMessagesToStream(stream, GROUP);
    await next.has(3);
    expect(next.numbers).to.deep.equal([3, 4, 2]);
    await next.leave();
  });

  it('keep the filter of a group on the whole log, prefixes with commas included', async () => {
    const prefix = `${freshStream('a,b.c')},`;
    const filter = streamNameFilter({ prefixes: [prefix, freshStream('z')] });
    const all = persistentSubscriptionToAllSettingsFromDefaults({ startFrom: START });
    await client.createPersistentSubscriptionToAll(GROUP, all, { filter });
    await stop();
    await start();
    await client.appendToStream(prefix.replace('.', 'x'), numbered(1));
    await client.appendToStream(`${prefix}1`, numbered(2));
    const consumer = new TestConsumer(client.subscribeToPersistentSubscriptionToAll(GROUP));
    await consumer.has(1);
    expect(consumer.numbers).to.deep.equal([2]);
    await consumer.leave();
  });

  it('do not come back after they were deleted, nor does their checkpoint', async () => {
    const stream = freshStream();
    await client.appendToStream(stream, several(2));
    const eager = settings({ checkPointAfter: 1, checkPointLowerBound: 1, checkPointUpperBound: 1 });
    await client.createPersistentSubscriptionToStream(stream, GROUP, eager);
    const consumer = await connect(client, stream);
    await consumer.has(2);
    await consumer.ack(0, 1);
    const info = () => client.getPersistentSubscriptionToStreamInfo(stream, GROUP);
    await until(info, ({ stats }) => stats.lastCheckpointedEventRevision === 1n);
    await client.deletePersistentSubscriptionToStream(stream, GROUP);
    await stop();
    await start();
    expect(await client.listAllPersistentSubscriptions()).to.deep.equal([]);
    await client.createPersistentSubscriptionToStream(stream, GROUP, eager);
    const next = await connect(client, stream);
    await next.has(2);
    expect(next.numbers).to.deep.equal([0, 1]);
    await next.leave();
  });
});
