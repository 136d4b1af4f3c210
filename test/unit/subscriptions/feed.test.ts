import { expect } from 'chai';
import { Cursor } from '../../../src/subscriptions/feed/cursor.js';
import { FeedReader } from '../../../src/subscriptions/feed/feedReader.js';
import { Stragglers } from '../../../src/subscriptions/feed/stragglers.js';
import { FEED_TIMINGS } from '../../../src/subscriptions/feed/timings.js';
import { orderLine, placedOrder } from '../../support/fixtures.js';
import { keptLog, MemoryLog } from '../../support/projections.js';
import { until } from '../../support/until.js';

const timings = { ...FEED_TIMINGS, capacity: 8, patienceMs: 20, silenceMs: 30, watchEveryMs: 10, firstReconnectMs: 5 };
const placed = { type: 'OrderPlaced', data: placedOrder({ lines: [orderLine(1)] }) } as const;
const never = new AbortController().signal;

describe('the feed', () => {
  let log: MemoryLog;
  let readers: FeedReader[];
  let kept: ReturnType<typeof keptLog>;

  beforeEach(() => {
    log = new MemoryLog();
    readers = [];
    kept = keptLog();
  });
  afterEach(async () => {
    await Promise.all(readers.map((reader) => reader.stop()));
  });

  const reader = (after: bigint | null = null, change: Partial<typeof timings> = {}): FeedReader => {
    const made = new FeedReader({ feed: log, after, timings: { ...timings, ...change }, log: kept });
    readers.push(made);
    return made;
  };
  const started = (after: bigint | null = null): FeedReader => {
    const made = reader(after);
    made.start();
    return made;
  };
  const fill = (events: number): void => {
    for (let event = 0; event < events; event++) log.append(`order-${event}`, placed);
  };
  const readAll = async (cursor: Cursor, count: number): Promise<bigint[]> => {
    const positions: bigint[] = [];
    while (positions.length < count) {
      positions.push(...(await cursor.take(3, 0, never)).map(({ position }) => position));
    }
    return positions;
  };
  const all = (): bigint[] => log.events.map(({ position }) => position);

  it('serves any number of readers from one subscription', async () => {
    fill(20);
    const shared = reader();
    const cursors = [1, 2, 3].map(() => new Cursor(shared, new Stragglers(reader), null));
    const reading = cursors.map((cursor) => readAll(cursor, 20));
    shared.start();
    for (const positions of await Promise.all(reading)) expect(positions).to.deep.equal(all());
    expect(log.subscriptions).to.deep.equal([null]);
  });

  it('goes on at once after the last event read when the server drops it, and calls that no failure', async () => {
    fill(12);
    log.drop(4);
    log.drop(3);
    // whoever paused here would not be back today
    const shared = reader(null, { firstReconnectMs: 3_600_000, maxReconnectMs: 3_600_000 });
    const cursor = new Cursor(shared, new Stragglers(reader), null);
    const reading = readAll(cursor, 12);
    shared.start();
    expect(await reading).to.deep.equal(all());
    expect(log.subscriptions).to.deep.equal([null, 400n, 700n]);
    expect(shared.status()).to.include({ drops: 2, failures: 0 });
    expect(kept.lines).to.deep.equal([]);
  });

  it('subscribes again after any other failure, and says so', async () => {
    fill(5);
    log.cut(new Error('the connection broke'), 2);
    log.cut(new Error('still broken'), 0);
    const shared = started();
    const cursor = new Cursor(shared, new Stragglers(reader), null);
    expect(await readAll(cursor, 5)).to.deep.equal(all());
    expect(log.subscriptions).to.deep.equal([null, 200n, 200n]);
    expect(shared.status().failures).to.equal(2);
    expect(kept.lines.map(({ level }) => level)).to.deep.equal(['warn', 'warn']);
  });

  it('replaces a subscription that is silent although the log went on', async () => {
    fill(2);
    const shared = started();
    const cursor = new Cursor(shared, new Stragglers(reader), null);
    await readAll(cursor, 2);
    log.freezeSubscriptions();
    fill(3);
    await readAll(cursor, 3);
    expect(log.subscriptions).to.deep.equal([null, 200n]);
  });

  it('leaves a silent subscription alone when the log is silent too', async () => {
    fill(1);
    const shared = started();
    await until('the feed is at the end', () => shared.status().live);
    log.freezeSubscriptions();
    let compared = 0;
    const head = log.head.bind(log);
    log.head = () => {
      compared += 1;
      return head();
    };
    await until('it was compared with the end of the log', () => compared >= 2);
    expect(log.subscriptions).to.deep.equal([null]);
  });

  it('lets a reader that is too slow read alone, until it meets the others again', async () => {
    fill(200);
    const shared = started();
    const quick = new Cursor(shared, new Stragglers(reader), null);
    const slow = new Cursor(shared, new Stragglers(reader), null);
    const first = await slow.take(1, 0, never);
    await readAll(quick, 200);
    const rest = await readAll(slow, 199);
    expect([...first.map(({ position }) => position), ...rest]).to.deep.equal(all());
    const subscriptions = log.subscriptions.length;
    expect(subscriptions).to.equal(2);
    fill(5);
    expect(await readAll(slow, 5)).to.deep.equal(all().slice(200));
    expect(await readAll(quick, 5)).to.deep.equal(all().slice(200));
    expect(log.subscriptions).to.have.length(subscriptions);
    expect(slow.atEnd).to.equal(true);
  });

  it('reads alone from further back than the shared feed began', async () => {
    fill(30);
    const shared = started(2_500n);
    const behind = new Cursor(shared, new Stragglers(reader), 300n);
    expect(await readAll(behind, 27)).to.deep.equal(all().slice(3));
    expect(log.subscriptions).to.have.members([2_500n, 300n]);
  });

  it('lets those who are behind by much the same read along with one another', async () => {
    fill(60);
    const shared = started(5_500n);
    const stragglers = new Stragglers(reader, 500n);
    const cursors = [300n, 300n, 700n].map((after) => new Cursor(shared, stragglers, after));
    const far = new Cursor(shared, stragglers, 4_000n);
    const [first, second, third, fourth] = await Promise.all([
      ...cursors.map((cursor, index) => readAll(cursor, index < 2 ? 57 : 53)),
      readAll(far, 20),
    ]);
    expect(first).to.deep.equal(all().slice(3));
    expect(second).to.deep.equal(first);
    expect(third).to.deep.equal(all().slice(7));
    expect(fourth).to.deep.equal(all().slice(40));
    expect(log.subscriptions).to.have.members([5_500n, 300n, 4_000n]);
  });

  it('ends a reader when the last of those who read along has left it', async () => {
    fill(5);
    const stragglers = new Stragglers(reader);
    const places = [stragglers.join(300n), stragglers.join(300n)];
    const [made] = readers;
    await until('it reads', () => made?.status().live === true);
    await places[0]?.leave();
    await places[0]?.leave();
    expect(made?.status().live).to.equal(true);
    await places[1]?.leave();
    expect(made?.status().live).to.equal(false);
    stragglers.join(300n);
    expect(readers).to.have.length(2);
  });

  it('gives a reader that stands further than the shared feed nothing twice', async () => {
    fill(10);
    const shared = started();
    const ahead = new Cursor(shared, new Stragglers(reader), 700n);
    expect(await readAll(ahead, 3)).to.deep.equal([800n, 900n, 1_000n]);
  });

  it('counts what comes after a position, as far as it remembers and once it is at the end', async () => {
    fill(5);
    const shared = reader();
    expect(shared.countAfter(null)).to.deep.equal({ events: 0, all: false });
    shared.start();
    await until('it is at the end', () => shared.status().live);
    expect(shared.countAfter(null)).to.deep.equal({ events: 5, all: true });
    expect(shared.countAfter(log.events[2]?.position ?? 0n)).to.deep.equal({ events: 2, all: true });
    expect(shared.countAfter(log.last)).to.deep.equal({ events: 0, all: true });
    fill(40);
    await until('it has read on', () => shared.status().position === log.last);
    const counted = shared.countAfter(null);
    expect(counted.all).to.equal(false);
    expect(counted.events).to.be.within(timings.capacity, 2 * timings.capacity);
  });

  it('ends a wait for events when it is told to', async () => {
    const cursor = new Cursor(started(), new Stragglers(reader), null);
    const stop = new AbortController();
    const taking = cursor.take(10, 5, stop.signal);
    stop.abort();
    expect(await taking).to.deep.equal([]);
  });
});
