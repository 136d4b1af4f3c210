import { expect } from 'chai';
import { v4 } from 'uuid';
import {
  AppendOutcomeUnknown,
  type EventStore,
  type EventToAppend,
  StoreUnavailable,
} from '../../../src/commands/ports/eventStore.js';
import { openEventStore, type OpenEventStore } from '../../../src/infrastructure/eventstore/index.js';
import { type CutProxy, freshStream, testEventStore, type TestEventStore } from '../../support/eventstore/index.js';
import { until } from '../../support/until.js';

const event = (): EventToAppend => ({ id: v4(), type: 'Happened', data: {}, metadata: { v: 1 } });

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail('it did not fail'),
    (error: unknown) => error,
  );
}

async function idsIn(store: EventStore, stream: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of store.read(stream)) ids.push(id);
  return ids;
}

describe('the event store when the network fails', () => {
  let server: TestEventStore;
  let proxy: CutProxy;
  let direct: OpenEventStore;
  let opened: OpenEventStore;
  let store: EventStore;

  before(async () => {
    server = await testEventStore();
    direct = openEventStore({ url: server.url });
  });
  after(async () => {
    await direct.close();
    await server.stop();
  });
  beforeEach(async () => {
    proxy = await server.proxied();
    opened = openEventStore({ url: proxy.url, timeoutMs: 400, silenceMs: 400 });
    store = opened.eventStore;
    await store.append(freshStream(), [event()], 'no_stream');
  });
  afterEach(async () => {
    await opened.close();
    await proxy.stop();
  });

  /** Repeats the identical append until it is answered. */
  async function insist(stream: string, events: readonly EventToAppend[]): Promise<number> {
    for (;;) {
      try {
        return (await store.append(stream, events, 'no_stream')).revision;
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
      }
    }
  }

  it('survives a connection that is cut with many appends under way, and loses and doubles nothing', async () => {
    const batches = Array.from({ length: 200 }, () => ({ stream: freshStream(), events: [event(), event()] }));
    const outcomes = batches.map(({ stream, events }) => store.append(stream, events, 'no_stream'));
    setImmediate(() => proxy.cut());
    const settled = await Promise.allSettled(outcomes);
    const failed = settled.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    expect(failed.length).to.be.greaterThan(0);
    expect(failed.every((error) => error instanceof StoreUnavailable)).to.equal(true);
    for (const [index, { stream, events }] of batches.entries()) {
      const ids = events.map(({ id }) => id);
      if (settled[index]?.status === 'fulfilled') expect(await idsIn(direct.eventStore, stream)).to.deep.equal(ids);
    }
    const revisions = await Promise.all(batches.map(({ stream, events }) => insist(stream, events)));
    expect(new Set(revisions)).to.deep.equal(new Set([1]));
    for (const { stream, events } of batches) {
      expect(await idsIn(direct.eventStore, stream)).to.deep.equal(events.map(({ id }) => id));
    }
  });

  it('says that the outcome is unknown where the answer is swallowed, and finds it by the identical append', async () => {
    const stream = freshStream();
    const events = [event()];
    proxy.swallowAnswers();
    const error = await failure(store.append(stream, events, 'no_stream'));
    expect(error).to.be.instanceOf(AppendOutcomeUnknown);
    expect(await idsIn(direct.eventStore, stream)).to.deep.equal(events.map(({ id }) => id));
    proxy.thaw();
    expect(await insist(stream, events)).to.equal(0);
    expect(await idsIn(direct.eventStore, stream)).to.have.length(1);
  });

  it('drops an answer that comes after its time, and is none the worse for it', async () => {
    const stream = freshStream();
    const events = [event()];
    proxy.delayAnswers();
    expect(await failure(store.append(stream, events, 'no_stream'))).to.be.instanceOf(AppendOutcomeUnknown);
    proxy.deliverLate();
    expect(await insist(stream, events)).to.equal(0);
    expect((await store.append(freshStream(), [event()], 'no_stream')).revision).to.equal(0);
  });

  it('keeps appends, reads and the feed on connections of their own, so that none waits behind another', async () => {
    const connections: number[] = [proxy.connections];
    for (const call of [
      () => idsIn(store, freshStream()),
      () => opened.feed.head(),
      () => idsIn(store, freshStream()),
    ]) {
      await call();
      connections.push(proxy.connections);
    }
    await Promise.all(Array.from({ length: 150 }, () => idsIn(store, freshStream())));
    expect([...connections, proxy.connections]).to.deep.equal([1, 2, 3, 3, 3]);
  });

  it('never fails the appends of one connection because another one dies', async () => {
    const appends = Array.from({ length: 100 }, () => direct.eventStore.append(freshStream(), [event()], 'no_stream'));
    const others = Array.from({ length: 100 }, () => store.append(freshStream(), [event()], 'no_stream'));
    setImmediate(() => proxy.cut());
    await Promise.allSettled(others);
    expect((await Promise.all(appends)).every(({ revision }) => revision === 0)).to.equal(true);
  });

  it('hangs on nothing when the server is silent', async () => {
    proxy.freeze();
    const errors = await Promise.all([
      failure(store.append(freshStream(), [event()], 'no_stream')),
      failure(idsIn(store, freshStream())),
      failure(opened.feed.head()),
      failure(opened.feed.subscribe(null, new AbortController().signal)[Symbol.asyncIterator]().next()),
    ]);
    expect(errors.every((error) => error instanceof StoreUnavailable)).to.equal(true);
  });

  it('takes a new connection at once after silence, without waiting for the old one to be given up', async () => {
    proxy.freeze();
    await failure(store.append(freshStream(), [event()], 'no_stream'));
    const before = proxy.connections;
    await failure(store.append(freshStream(), [event()], 'no_stream'));
    expect(proxy.connections).to.be.greaterThan(before);
  });

  it('comes back soon after the server does', async () => {
    await proxy.refuse();
    for (let tries = 0; tries < 5; tries++) {
      expect(await failure(store.append(freshStream(), [event()], 'no_stream'))).to.be.instanceOf(StoreUnavailable);
      expect(await failure(idsIn(store, freshStream()))).to.be.instanceOf(StoreUnavailable);
      expect(await failure(opened.feed.head())).to.be.instanceOf(StoreUnavailable);
    }
    await proxy.accept();
    const works = (call: () => Promise<unknown>) => (): Promise<boolean> =>
      call().then(
        () => true,
        () => false,
      );
    await until(
      'appends work again',
      works(() => store.append(freshStream(), [event()], 'no_stream')),
    );
    await until(
      'reads work again',
      works(() => idsIn(store, freshStream())),
    );
    await until(
      'the feed works again',
      works(() => opened.feed.head()),
    );
  });

  it('ends a feed whose connection is cut, and goes on after the event that was processed last', async () => {
    const head = await opened.feed.head();
    const stream = freshStream();
    const events = Array.from({ length: 300 }, () => event());
    await direct.eventStore.append(stream, events, 'no_stream');
    const seen: string[] = [];
    let last = head;
    let cuts = 0;
    while (seen.length < events.length) {
      try {
        for await (const message of opened.feed.subscribe(last, new AbortController().signal)) {
          if (message.kind === 'caughtUp') continue;
          seen.push(message.event.id);
          last = message.event.position;
          if (seen.length === events.length) break;
          if (seen.length % 100 === 0) {
            cuts += 1;
            proxy.cut();
          }
        }
      } catch (error) {
        expect(error).to.be.instanceOf(StoreUnavailable);
      }
    }
    expect(cuts).to.be.greaterThan(0);
    expect(seen).to.deep.equal(events.map(({ id }) => id));
  });

  it('ends a live feed whose connection is cut while it waits', async () => {
    const feed = opened.feed.subscribe(await opened.feed.head(), new AbortController().signal)[Symbol.asyncIterator]();
    expect(await feed.next()).to.deep.equal({ done: false, value: { kind: 'caughtUp' } });
    const next = failure(feed.next());
    proxy.cut();
    expect(await next).to.be.instanceOf(StoreUnavailable);
  });
});
