import { expect } from 'chai';
import { v4 } from 'uuid';
import type { DomainEvent, RecordedEvent } from '../../../src/domain/events.js';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { MetadataCodec } from '../../../src/domain/kernel/envelope.js';
import { formatId, type OrderId } from '../../../src/domain/kernel/ids.js';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import { order, representOrder } from '../../../src/domain/order/index.js';
import { openEventStore, type OpenEventStore } from '../../../src/infrastructure/eventstore/index.js';
import { orderProjection } from '../../../src/projections/order/projection.js';
import { orderQueries } from '../../../src/projections/order/queries.js';
import { ORDER_VIEW, orderViewSchema } from '../../../src/projections/order/schema.js';
import { publisherReactor } from '../../../src/projections/publishers/publisher.js';
import type { Subscriptions } from '../../../src/subscriptions/subscriptions.js';
import { FeedReader } from '../../../src/subscriptions/feed/feedReader.js';
import { FEED_TIMINGS } from '../../../src/subscriptions/feed/timings.js';
import { type CutProxy, type TestEventStore, testEventStore } from '../../support/eventstore/index.js';
import { keptLog, someMeta } from '../../support/projections.js';
import { until } from '../../support/until.js';
import { openWay } from '../../support/services/way.js';
import { servedOrder } from '../../unit/projections/histories.js';
import { enter, type Ground } from './setup.js';

interface Sent {
  readonly subject: string;
  readonly streamrevision: number;
  readonly id: string;
}

describe('subscriptions on an event store', () => {
  let ground: Ground;
  let server: TestEventStore;
  let writer: OpenEventStore;
  let proxy: CutProxy;
  let followed: OpenEventStore;

  before(async function () {
    this.timeout(300_000);
    ground = await enter([orderViewSchema]);
    server = await testEventStore();
    writer = openEventStore({ url: server.url });
    proxy = await server.proxied();
    followed = openEventStore({ url: proxy.url });
  });
  afterEach(() => ground.clear());
  after(async () => {
    await ground.leave();
    await writer.close();
    await followed.close();
    await server.stop();
  });

  const append = async (id: OrderId, events: readonly DomainEvent[], from: number): Promise<bigint> => {
    const stored = events.map(({ type, data }) => ({
      id: v4(),
      type,
      data,
      metadata: MetadataCodec.encode(someMeta()),
    }));
    const { position } = await writer.eventStore.append(orderStream(id), stored, from === 0 ? 'no_stream' : from - 1);
    return position;
  };
  /** Writes the life of many orders, two events at a time, all orders side by side. */
  const liveThrough = async (
    ids: readonly OrderId[],
    between: (round: number) => void = () => undefined,
  ): Promise<bigint> => {
    let last = 0n;
    for (let round = 0; round * 2 < servedOrder().length; round++) {
      between(round);
      const positions = await Promise.all(
        ids.map((id) => append(id, servedOrder(id).slice(round * 2, round * 2 + 2), round * 2)),
      );
      last = positions.reduce((a, b) => (a > b ? a : b), last);
    }
    return last;
  };
  const someIds = (count: number): OrderId[] => Array.from({ length: count }, () => formatId('order', v4()));

  const follow = async (): Promise<{ readonly subscriptions: Subscriptions; readonly sent: Sent[] }> => {
    const sent: Sent[] = [];
    const subscriptions = ground.subscriptions({
      feed: followed.feed,
      reader: followed.eventStore,
      takeOver: true,
      feedTimings: { silenceMs: 200, watchEveryMs: 50 },
    });
    subscriptions.addProjection(orderProjection());
    subscriptions.addReactor(
      publisherReactor({
        folds: subscriptions.folds,
        publisher: {
          publish: ({ subject, streamrevision, id }) =>
            Promise.resolve(void sent.push({ subject, streamrevision, id })),
        },
      }),
    );
    await subscriptions.start();
    return { subscriptions, sent };
  };
  const reached = async (subscriptions: Subscriptions, position: bigint): Promise<void> => {
    await subscriptions.reached(ORDER_VIEW, position);
    await subscriptions.reached('publisher', position);
  };

  const expectServed = async (ids: readonly OrderId[]): Promise<void> => {
    const queries = orderQueries(ground.database);
    const history = servedOrder();
    for (const id of ids) {
      const state = fold(order, order.initial, servedOrder(id));
      expect(await queries.orderById(id)).to.deep.equal(representOrder(state, history.length - 1));
    }
  };
  /** Each order told in order; what was told twice has the same id. */
  const expectTold = (ids: readonly OrderId[], sent: readonly Sent[], { once }: { readonly once: boolean }): void => {
    for (const id of ids) {
      const told = sent.filter(({ subject }) => subject === id);
      const revisions = [...new Set(told.map(({ streamrevision }) => streamrevision))];
      expect(revisions).to.deep.equal([0, 2, 4, 5, 7, 8, 10, 11]);
      expect(new Set(told.map((message) => message.id)).size).to.equal(8);
      if (once) expect(told).to.have.length(8);
    }
  };

  it('show every order and tell every message while many are written at once', async () => {
    const { subscriptions, sent } = await follow();
    const ids = someIds(150);
    await reached(subscriptions, await liveThrough(ids));
    await expectServed(ids);
    expectTold(ids, sent, { once: true });
  }).timeout(300_000);

  it('catch up with what was written while they were away', async () => {
    const ids = someIds(60);
    const last = await liveThrough(ids);
    const { subscriptions, sent } = await follow();
    await reached(subscriptions, last);
    await expectServed(ids);
    expectTold(ids, sent, { once: true });
  }).timeout(300_000);

  it('lose nothing when their connection is cut again and again', async () => {
    const { subscriptions, sent } = await follow();
    const ids = someIds(60);
    const last = await liveThrough(ids, () => proxy.cut());
    await reached(subscriptions, last);
    await expectServed(ids);
    expectTold(ids, sent, { once: true });
    expect(subscriptions.status().feed.failures).to.be.greaterThan(0);
  }).timeout(300_000);

  it('go on when a connection had been dead for a while without saying so', async () => {
    const { subscriptions, sent } = await follow();
    await until('the feed is live', () => subscriptions.status().feed.live);
    proxy.freeze();
    const ids = someIds(10);
    const last = await liveThrough(ids);
    proxy.thaw();
    await reached(subscriptions, last);
    await expectServed(ids);
    expectTold(ids, sent, { once: true });
  }).timeout(300_000);

  it('have another connection soon after theirs went dead without a word, and keep-alive is no help', async () => {
    const way = await openWay(server.url, 2113);
    const url = new URL(way.url);
    url.searchParams.set('keepAliveInterval', '-1');
    const far = openEventStore({ url: url.href });
    const reader = new FeedReader({ feed: far.feed, after: null, timings: FEED_TIMINGS, log: keptLog() });
    reader.start();
    try {
      await until('the feed is live', () => reader.status().live);
      way.lose();
      way.mend();
      const [id] = someIds(1);
      if (id === undefined) throw new Error('no id');
      const last = await append(id, servedOrder(id).slice(0, 1), 0);
      while (reader.status().position !== last) await reader.changed(undefined, 100);
    } finally {
      await reader.stop();
      await far.close();
      await way.close();
    }
  }).timeout(300_000);

  it('go on from their checkpoints in the next process', async () => {
    const ids = someIds(40);
    const first = await follow();
    const half = Promise.all(ids.map((id) => append(id, servedOrder(id).slice(0, 6), 0)));
    await first.subscriptions.stop();
    await half;
    const second = await follow();
    const positions = await Promise.all(ids.map((id) => append(id, servedOrder(id).slice(6), 6)));
    await reached(
      second.subscriptions,
      positions.reduce((a, b) => (a > b ? a : b)),
    );
    await expectServed(ids);
    expectTold(ids, [...first.sent, ...second.sent], { once: false });
  }).timeout(300_000);

  it('bring listeners every event once and in order', async () => {
    const heard: RecordedEvent[] = [];
    const head = await writer.feed.head();
    const subscriptions = ground.subscriptions({ feed: followed.feed, reader: followed.eventStore });
    subscriptions.addListener({
      name: 'listener',
      wants: () => true,
      from: () => Promise.resolve(head),
      handle: (event) => void heard.push(event),
    });
    await subscriptions.start();
    const ids = someIds(20);
    await subscriptions.reached('listener', await liveThrough(ids, (round) => (round === 2 ? proxy.cut() : undefined)));
    for (const id of ids) {
      const revisions = heard.filter(({ stream }) => stream === orderStream(id)).map(({ revision }) => revision);
      expect(revisions).to.deep.equal(servedOrder().map((_, revision) => revision));
    }
    const positions = heard.map(({ position }) => position);
    expect(positions).to.deep.equal([...positions].sort((a, b) => (a < b ? -1 : 1)));
  }).timeout(300_000);
});
