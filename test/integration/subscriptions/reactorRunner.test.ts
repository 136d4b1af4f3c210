import { expect } from 'chai';
import type { RecordedEvent } from '../../../src/domain/events.js';
import type { ReactorDefinition } from '../../../src/subscriptions/contract.js';
import { UnprocessableEvent } from '../../../src/subscriptions/faults.js';
import { placedOrder } from '../../support/fixtures.js';
import { until } from '../../support/until.js';
import { enter, type Ground } from './setup.js';

const placed = { type: 'OrderPlaced', data: placedOrder() } as const;
const secured = { type: 'StockSecured', data: { reservations: [] } } as const;

class Outage extends Error {
  readonly isSystemFault = true;
}

const lineOf = ({ stream, revision }: { stream: string; revision: number }): string => `${stream}@${revision}`;

describe('a reactor runner', () => {
  let ground: Ground;
  before(async function () {
    this.timeout(300_000);
    ground = await enter([]);
  });
  afterEach(() => ground.clear());
  after(() => ground.leave());

  const checkpoint = async (): Promise<string | null | undefined> =>
    (
      await ground.database.query<{ position: string | null }>(
        `SELECT position FROM checkpoints WHERE name = 'reactor'`,
      )
    ).rows[0]?.position;
  const parked = async (): Promise<string[]> =>
    (
      await ground.database.query<{ line: string }>(
        `SELECT stream || '@' || revision AS line FROM parked WHERE runner = 'reactor' ORDER BY position`,
      )
    ).rows.map(({ line }) => line);
  const fill = (orders: number): void => {
    for (let n = 0; n < orders; n++) ground.log.append(`order-${n}`, placed, secured);
  };
  const run = async (
    react: (event: RecordedEvent) => Promise<void>,
    change: Partial<ReactorDefinition> = {},
    timings = {},
  ): Promise<ReturnType<Ground['subscriptions']>> => {
    const subscriptions = ground.subscriptions({ runnerTimings: timings });
    subscriptions.addReactor({
      name: 'reactor',
      wants: () => true,
      key: ({ stream }) => stream,
      maxInFlight: 8,
      react,
      ...change,
    });
    await subscriptions.start();
    return subscriptions;
  };
  /** Reactions that end when the test says so. */
  const gate = () => {
    const begun: string[] = [];
    const ends = new Map<string, (error?: Error) => void>();
    return {
      begun,
      react: (event: RecordedEvent): Promise<void> => {
        begun.push(lineOf(event));
        return new Promise((resolve, reject) => {
          ends.set(lineOf(event), (error) => {
            if (error) reject(error);
            else resolve();
          });
        });
      },
      end: (line: string, error?: Error): void => {
        const end = ends.get(line);
        if (!end) throw new Error(`${line} has not begun`);
        end(error);
      },
    };
  };

  it('handles one key in order and different keys side by side, as many as are allowed', async () => {
    fill(4);
    const { begun, react, end } = gate();
    await run(react, { maxInFlight: 3 });
    await until('three keys are in flight', () => begun.length === 3);
    expect(begun).to.deep.equal(['order-0@0', 'order-1@0', 'order-2@0']);
    end('order-1@0');
    await until('another one begins', () => begun.length === 4);
    expect(begun[3]).to.be.oneOf(['order-1@1', 'order-3@0']);
    expect(begun).to.not.include('order-0@1');
  });

  it('moves its checkpoint to the end of the contiguous run of events done, and no further', async () => {
    fill(3);
    const { begun, react, end } = gate();
    await run(react, { wants: (type) => type === 'OrderPlaced' });
    await until('all are in flight', () => begun.length === 3);
    end('order-1@0');
    end('order-2@0');
    ground.log.append('order-9', secured);
    // the heart beats on, and the checkpoint stays
    const { rows } = await ground.database.query<{ at: Date }>(`SELECT clock_timestamp() AS at`);
    const since = rows[0]?.at;
    await until('the checkpoint was written since', async () => {
      const mark = await ground.database.query<{ later: boolean }>(
        `SELECT updated_at > $1 AS later FROM checkpoints WHERE name = 'reactor'`,
        [since],
      );
      return mark.rows[0]?.later === true;
    });
    expect(await checkpoint()).to.equal(null);
    end('order-0@0');
    await until('the checkpoint follows', async () => (await checkpoint()) === String(ground.log.last));
  });

  it('handles again after a crash what was not done before it, and only that from the checkpoint on', async () => {
    fill(3);
    const first = gate();
    const crashing = await run(first.react, { maxInFlight: 1 }, { drainMs: 1 });
    await until('the first event is in flight', () => first.begun.length === 1);
    first.end('order-0@0');
    await until('the second one is', () => first.begun.length === 2);
    await crashing.stop();
    const handled: string[] = [];
    const second = await run(async (event) => {
      handled.push(lineOf(event));
      await Promise.resolve();
    });
    await second.reached('reactor', ground.log.last);
    expect(handled).to.include.members(ground.log.events.slice(1).map(lineOf));
    expect(handled).to.not.include('order-0@0');
  });

  it('tries again for as long as a system does not answer, and parks nothing', async () => {
    fill(2);
    let outages = 20;
    const handled: string[] = [];
    const subscriptions = await run(
      async (event) => {
        await Promise.resolve();
        if (outages-- > 0) throw new Outage('the store is away');
        handled.push(lineOf(event));
      },
      {},
      { giveUpAfterMs: 0 },
    );
    await subscriptions.reached('reactor', ground.log.last);
    expect(handled).to.have.members(ground.log.events.map(lineOf));
    expect(await parked()).to.deep.equal([]);
  });

  it('parks the key of an event that keeps failing, with everything that comes after it, and lets the others pass', async () => {
    fill(3);
    const handled: string[] = [];
    let tries = 0;
    const subscriptions = await run(async (event) => {
      await Promise.resolve();
      if (lineOf(event) === 'order-1@0') {
        tries += 1;
        throw new Error('cannot be done');
      }
      handled.push(lineOf(event));
    });
    await subscriptions.reached('reactor', ground.log.last);
    expect(tries).to.be.greaterThan(1);
    expect(await parked()).to.deep.equal(['order-1@0', 'order-1@1']);
    expect(handled).to.have.members(['order-0@0', 'order-0@1', 'order-2@0', 'order-2@1']);
  });

  it('holds a parked key back after a restart, in whatever stream its events are', async () => {
    const key = (): string => 'everything is one key';
    fill(1);
    const first = await run(() => Promise.reject(new UnprocessableEvent('never')), { key });
    await first.reached('reactor', ground.log.last);
    await first.stop();
    ground.log.append('order-of-another-stream', placed);
    const handled: string[] = [];
    const second = await run((event) => Promise.resolve(void handled.push(lineOf(event))), { key });
    await second.reached('reactor', ground.log.last);
    expect(handled).to.deep.equal([]);
    expect(await parked()).to.deep.equal(ground.log.events.map(lineOf));
  });

  it('parks at once what can never be handled', async () => {
    fill(1);
    let tries = 0;
    const subscriptions = await run(
      () => {
        tries += 1;
        return Promise.reject(new UnprocessableEvent('never'));
      },
      { wants: (type) => type === 'OrderPlaced' },
      { giveUpAfterMs: 3_600_000 },
    );
    await subscriptions.reached('reactor', ground.log.last);
    expect(tries).to.equal(1);
    expect(await parked()).to.deep.equal(['order-0@0']);
  });

  it('is not held up by one key that fails for long: pauses between tries take no place in flight', async () => {
    fill(30);
    const handled = new Set<string>();
    const subscriptions = await run(
      async (event) => {
        await Promise.resolve();
        if (event.stream === 'order-0') throw new Outage('only for this one');
        handled.add(lineOf(event));
      },
      { maxInFlight: 1 },
    );
    await until('all others are done', () => handled.size === 58);
    expect(subscriptions.status().runners[0]?.position).to.equal(null);
  });

  it('stops handing out work when its lease is lost', async () => {
    fill(1);
    const { begun, react, end } = gate();
    await run(react);
    await until('the first event is in flight', () => begun.length === 1);
    await ground.database.query(
      `UPDATE checkpoints SET epoch = epoch + 1, owner = 'another', lease_until = now() + interval '1 hour'`,
    );
    await until('it has noticed', () =>
      ground.kept.lines.some(({ message }) => message === 'a lease was lost to another process'),
    );
    end('order-0@0');
    ground.log.append('order-late', placed);
    expect(begun).to.deep.equal(['order-0@0']);
    expect(await checkpoint()).to.equal(null);
  });

  it('waits with new work while its lease could not be renewed', async () => {
    const begun: string[] = [];
    const react = (event: RecordedEvent): Promise<void> => Promise.resolve(void begun.push(lineOf(event)));
    const subscriptions = await run(react, {}, { leaseMs: 100, heartbeatMs: 50 });
    await until('it leads', () => subscriptions.status().runners[0]?.state === 'leading');
    const lock = await ground.database.pool.connect();
    await lock.query('BEGIN');
    await lock.query(`SELECT 1 FROM checkpoints WHERE name = 'reactor' FOR UPDATE`);
    const lockedAt = performance.now();
    await until('the lease has run out', () => performance.now() - lockedAt > 150);
    fill(1);
    await until('the feed has brought the event', () => subscriptions.status().feed.position === ground.log.last);
    expect(begun).to.deep.equal([]);
    await lock.query('ROLLBACK');
    lock.release();
    await subscriptions.reached('reactor', ground.log.last);
    expect(begun).to.deep.equal(['order-0@0', 'order-0@1']);
  });
});
