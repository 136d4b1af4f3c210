import { binaryEvent, EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { expect } from 'chai';
import { v4 } from 'uuid';
import { StoreUnavailable } from '../../../src/commands/ports/eventStore.js';
import type { StoredEvent } from '../../../src/domain/kernel/storedEvent.js';
import { openEventStore, type OpenEventStore } from '../../../src/infrastructure/eventstore/index.js';
import { historyOf } from '../../../src/subscriptions/feed/history.js';
import type { LogHistory, Stretch } from '../../../src/subscriptions/ports/logHistory.js';
import { freshStream, testEventStore, type TestEventStore } from '../../support/eventstore/index.js';
import { plainEvent } from '../../support/eventstore/plainEvent.js';

const WAYS: readonly { readonly way: string; readonly of: (store: OpenEventStore) => LogHistory }[] = [
  { way: 'a subscription', of: ({ feed }) => historyOf(feed) },
  { way: 'one read', of: ({ history }) => history },
  { way: 'a thread that reads', of: ({ historyApart }) => historyApart },
];

async function read(
  history: LogHistory,
  stretch: Stretch,
  { signal } = new AbortController(),
): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const some of history.read(stretch, signal)) events.push(...some);
  return events;
}

/** Bytes of whatever kind as numbers, so that events can be compared. */
const comparable = (event: StoredEvent) => ({
  ...plainEvent(event),
  data: event.data instanceof Uint8Array ? [...event.data] : event.data,
  metadata: event.metadata instanceof Uint8Array ? [...event.metadata] : event.metadata,
});

describe('the history of the log', function () {
  this.timeout(60_000);
  let server: TestEventStore;
  let store: OpenEventStore;
  let client: EventStoreDBClient;
  let begin: bigint | null;
  let end: bigint;
  const orders = freshStream('order');
  const others = freshStream('stock');

  before(async () => {
    server = await testEventStore();
    store = openEventStore({ url: server.url });
    client = EventStoreDBClient.connectionString(server.url);
    begin = await store.feed.head();
    const some = (number: number) =>
      jsonEvent({
        id: v4(),
        type: 'Happened',
        data: { number, text: 'Größe „XL“ 🍕', long: 'x'.repeat(number * 200) },
        metadata: { v: 1, $correlationId: v4() },
      });
    await client.appendToStream(orders, [some(0), some(1)]);
    await client.appendToStream(others, [
      jsonEvent({ type: 'WithoutMetadata', data: [1, 2, 3] }),
      binaryEvent({ type: 'Binary', data: Buffer.from([0, 1, 2, 255]), metadata: Buffer.from([254, 0]) }),
      jsonEvent({ type: '$OfTheServer', data: {} }),
    ]);
    // more than one portion
    await client.appendToStream(
      orders,
      Array.from({ length: 100 }, (_, number) => some(number)),
    );
    await client.appendToStream(others, [some(7)]);
    end = (await store.feed.head()) ?? 0n;
  });
  after(async () => {
    await client.dispose();
    await store.close();
    await server.stop();
  });

  for (const { way, of } of WAYS) {
    describe(`by ${way}`, () => {
      it('holds every event as the client has it, in order, without those of the server', async () => {
        const expected: StoredEvent[] = [];
        const enough = new AbortController();
        for await (const message of store.feed.subscribe(begin, enough.signal)) {
          if (message.kind === 'caughtUp') break;
          expected.push(message.event);
        }
        enough.abort();
        const events = await read(of(store), { after: begin, upTo: end });
        expect(events.map(comparable)).to.deep.equal(expected.map(comparable));
        expect(events).to.have.length(105);
      });

      it('begins behind one event and ends with another', async () => {
        const all = await read(of(store), { after: begin, upTo: end });
        const [first, last] = [all[3]?.position ?? 0n, all[90]?.position ?? 0n];
        const events = await read(of(store), { after: first, upTo: last });
        expect(events.map(({ id }) => id)).to.deep.equal(all.slice(4, 91).map(({ id }) => id));
      });

      it('ends where the log does, although it is asked for more', async () => {
        if (way === 'a subscription') return;
        expect(await read(of(store), { after: begin, upTo: end + 1_000n })).to.have.length(105);
      });

      it('holds those of some categories alone', async () => {
        const events = await read(of(store), { after: begin, upTo: end, categories: new Set(['stock', 'payment']) });
        expect(events.map(({ stream, type }) => [stream, type])).to.deep.equal([
          [others, 'WithoutMetadata'],
          [others, 'Binary'],
          [others, 'Happened'],
        ]);
        const none = await read(of(store), { after: begin, upTo: end, categories: new Set(['payment']) });
        expect(none).to.deep.equal([]);
      });

      it('ends when its reader has enough', async () => {
        const reading = new AbortController();
        for await (const some of of(store).read({ after: begin, upTo: end }, reading.signal)) {
          expect(some.length).to.be.greaterThan(0);
          reading.abort();
        }
      });

      it('says that the store is away, and goes on where it was', async () => {
        const proxy = await server.proxied();
        const behind = openEventStore({ url: proxy.url });
        try {
          await proxy.refuse();
          const failure = await read(of(behind), { after: begin, upTo: end }).catch((error: unknown) => error);
          expect(failure).to.be.instanceOf(StoreUnavailable);
        } finally {
          await behind.close();
          await proxy.stop();
        }
      });
    });
  }
});
