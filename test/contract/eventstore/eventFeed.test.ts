import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { expect } from 'chai';
import { v4 } from 'uuid';
import type { EventToAppend } from '../../../src/commands/ports/eventStore.js';
import type { StoredEvent } from '../../../src/domain/kernel/storedEvent.js';
import { openEventStore, type OpenEventStore } from '../../../src/infrastructure/eventstore/index.js';
import type { FeedMessage } from '../../../src/subscriptions/ports/eventFeed.js';
import { freshStream, testEventStore, type TestEventStore } from '../../support/eventstore/index.js';
import { plainEvent } from '../../support/eventstore/plainEvent.js';

const event = (data: unknown): EventToAppend => ({ id: v4(), type: 'Happened', data, metadata: { v: 1 } });
const events = (count: number): EventToAppend[] => Array.from({ length: count }, (_, n) => event(n));

/** Reads a feed until `enough` says so. */
async function follow(
  opened: OpenEventStore,
  after: bigint | null,
  enough: (messages: readonly FeedMessage[]) => boolean,
  onMessage: (message: FeedMessage) => void = () => undefined,
): Promise<FeedMessage[]> {
  const messages: FeedMessage[] = [];
  for await (const message of opened.feed.subscribe(after, new AbortController().signal)) {
    messages.push(message);
    onMessage(message);
    if (enough(messages)) break;
  }
  return messages;
}
const storedOf = (messages: readonly FeedMessage[]): StoredEvent[] =>
  messages.flatMap((message) => (message.kind === 'event' ? [message.event] : []));
const hasCaughtUp = (messages: readonly FeedMessage[]): boolean => messages.at(-1)?.kind === 'caughtUp';

describe('the event feed that subscriptions need', () => {
  let server: TestEventStore;
  let opened: OpenEventStore;

  before(async () => {
    server = await testEventStore();
    opened = openEventStore({ url: server.url });
  });
  after(async () => {
    await opened.close();
    await server.stop();
  });

  it('knows the head of an empty log, and of one with system events only', async function () {
    if (server.external) return;
    const empty = await testEventStore();
    const other = openEventStore({ url: empty.url });
    try {
      expect(await other.feed.head()).to.equal(null);
      const client = EventStoreDBClient.connectionString(empty.url);
      await client.setStreamMetadata('test-1', { maxCount: 10 });
      expect(await other.feed.head()).to.equal(null);
      const messages = await follow(other, null, hasCaughtUp);
      expect(messages).to.deep.equal([{ kind: 'caughtUp' }]);
    } finally {
      await other.close();
      await empty.stop();
    }
  });

  it('knows the position of the newest event, system events aside', async () => {
    const { position } = await opened.eventStore.append(freshStream(), events(3), 'no_stream');
    const client = EventStoreDBClient.connectionString(server.url);
    await client.setStreamMetadata(freshStream(), { maxCount: 10 });
    expect(await opened.feed.head()).to.equal(position);
  });

  it('gives history in order, then says that it has caught up, then goes on live', async () => {
    const before = await opened.feed.head();
    const stream = freshStream();
    const { revision } = await opened.eventStore.append(stream, events(100), 'no_stream');
    let live: Promise<unknown> = Promise.resolve();
    const messages = await follow(
      opened,
      before,
      (all) => storedOf(all).length === 103,
      (message) => {
        if (message.kind === 'caughtUp') live = opened.eventStore.append(stream, events(3), revision);
      },
    );
    await live;
    const own = storedOf(messages);
    expect(own.map((stored) => stored.revision)).to.deep.equal(Array.from({ length: 103 }, (_, n) => n));
    expect(messages[100]?.kind).to.equal('caughtUp');
    const positions = own.map(({ position }) => position);
    expect(positions).to.deep.equal([...positions].sort((a, b) => (a < b ? -1 : 1)));
    const read: StoredEvent[] = [];
    for await (const stored of opened.eventStore.read(stream)) read.push(stored);
    expect(own.map(plainEvent)).to.deep.equal(read.map(plainEvent));
  });

  it('goes on exactly after the event that was processed last', async () => {
    const before = await opened.feed.head();
    await opened.eventStore.append(freshStream(), events(10), 'no_stream');
    const all = storedOf(await follow(opened, before, hasCaughtUp));
    for (const last of [0, 4, 8]) {
      const rest = storedOf(await follow(opened, all[last]?.position ?? null, hasCaughtUp));
      expect(rest.map(({ id }) => id)).to.deep.equal(all.slice(last + 1).map(({ id }) => id));
    }
  });

  it('says at once that it has caught up where there is nothing new', async () => {
    expect(await follow(opened, await opened.feed.head(), hasCaughtUp)).to.deep.equal([{ kind: 'caughtUp' }]);
  });

  it('leaves out what stands in system streams, and links, whatever their type', async () => {
    const before = await opened.feed.head();
    const client = EventStoreDBClient.connectionString(server.url);
    await client.appendToStream(`$test-${v4()}`, jsonEvent({ type: 'NotOfTheSystem', data: {} }), {
      expectedRevision: 'no_stream',
    });
    await client.appendToStream(freshStream(), jsonEvent({ type: '$of-the-system', data: {} }), {
      expectedRevision: 'no_stream',
    });
    await client.setStreamMetadata(freshStream(), { maxCount: 10 });
    const { position } = await opened.eventStore.append(freshStream(), events(1), 'no_stream');
    const own = storedOf(await follow(opened, before, hasCaughtUp));
    expect(own.map((stored) => stored.position)).to.deep.equal([position]);
  });

  it('ends when it is told to, waiting or not', async () => {
    const abort = new AbortController();
    const kinds: string[] = [];
    for await (const message of opened.feed.subscribe(await opened.feed.head(), abort.signal)) {
      kinds.push(message.kind);
      // the feed is idle when this comes
      setImmediate(() => abort.abort());
    }
    expect(kinds).to.deep.equal(['caughtUp']);
    for await (const _ of opened.feed.subscribe(null, abort.signal)) expect.fail('it was told to end before it began');
  });

  it('carries many subscriptions side by side', async () => {
    const before = await opened.feed.head();
    const append = opened.eventStore.append(freshStream(), events(50), 'no_stream');
    const feeds = await Promise.all(
      Array.from({ length: 5 }, () => follow(opened, before, (all) => storedOf(all).length === 50)),
    );
    await append;
    const ids = feeds.map((messages) => storedOf(messages).map(({ id }) => id));
    expect(ids).to.deep.equal(Array(5).fill(ids[0]));
  });
});
