import { expect } from 'chai';
import type { RecordedEvent } from '../../../src/domain/events.js';
import type { ProjectionDefinition } from '../../../src/subscriptions/contract.js';
import { type Database, DatabaseUnavailable, type Queryable } from '../../../src/subscriptions/ports/database.js';
import { placedOrder } from '../../support/fixtures.js';
import { until } from '../../support/until.js';
import { enter, type Ground } from './setup.js';

const placed = { type: 'OrderPlaced', data: placedOrder() } as const;
const secured = { type: 'StockSecured', data: { reservations: [] } } as const;
const expired = { type: 'OrderExpired', data: { dueAt: '2024-05-04T12:30:00.000Z' } } as const;

/** Writes down every event that it is given: twice handled is twice written. */
const journal = (change: Partial<ProjectionDefinition> = {}): ProjectionDefinition => ({
  name: 'journal',
  wants: () => true,
  project: async (events, transaction) => {
    for (const event of events) {
      await transaction.query('INSERT INTO journal (stream, revision, type) VALUES ($1, $2, $3)', [
        event.stream,
        event.revision,
        event.event.type,
      ]);
    }
  },
  ...change,
});

describe('a projection runner', () => {
  let ground: Ground;
  before(async function () {
    this.timeout(300_000);
    ground = await enter([], ['CREATE TABLE journal (id serial, stream text, revision bigint, type text)']);
  });
  afterEach(() => ground.clear());
  after(() => ground.leave());

  const written = async (): Promise<string[]> =>
    (
      await ground.database.query<{ line: string }>(`SELECT stream || '@' || revision AS line FROM journal ORDER BY id`)
    ).rows.map(({ line }) => line);
  const checkpoint = async (name = 'journal'): Promise<string | null | undefined> =>
    (
      await ground.database.query<{ position: string | null }>('SELECT position FROM checkpoints WHERE name = $1', [
        name,
      ])
    ).rows[0]?.position;
  const parked = async (): Promise<string[]> =>
    (
      await ground.database.query<{ line: string }>(
        `SELECT stream || '@' || revision AS line FROM parked WHERE runner = 'journal' ORDER BY position`,
      )
    ).rows.map(({ line }) => line);
  const everything = (): string[] => ground.log.events.map(({ stream, revision }) => `${stream}@${revision}`);
  const fill = (orders: number): void => {
    for (let n = 0; n < orders; n++) ground.log.append(`order-${n}`, placed, secured);
  };
  const run = async (
    definition = journal(),
    change: Parameters<Ground['subscriptions']>[0] = {},
  ): Promise<ReturnType<Ground['subscriptions']>> => {
    const subscriptions = ground.subscriptions(change);
    subscriptions.addProjection(definition);
    await subscriptions.start();
    return subscriptions;
  };

  it('writes every event once and in order, and its checkpoint with them', async () => {
    fill(50);
    const subscriptions = await run(journal(), { runnerTimings: { batchSize: 7 } });
    await subscriptions.reached('journal', ground.log.last);
    expect(await written()).to.deep.equal(everything());
    expect(await checkpoint()).to.equal(String(ground.log.last));
  });

  it('goes on where it was when the process starts again', async () => {
    fill(5);
    const first = await run();
    await first.reached('journal', ground.log.last);
    await first.stop();
    ground.log.append('order-late', placed);
    const second = await run();
    await second.reached('journal', ground.log.last);
    expect(await written()).to.deep.equal(everything());
    expect(ground.log.subscriptions).to.deep.equal([null, 1_000n]);
  });

  it('loses nothing and writes nothing twice when the server drops the feed', async () => {
    fill(40);
    for (const after of [1, 0, 13, 30, 2]) ground.log.drop(after);
    const subscriptions = await run();
    await subscriptions.reached('journal', ground.log.last);
    expect(await written()).to.deep.equal(everything());
    expect(subscriptions.status().feed.drops).to.equal(5);
  });

  it('moves its checkpoint past events that it ignores', async () => {
    await run(journal({ wants: (type) => type === 'OrderExpired' }));
    fill(3);
    await until(
      'the checkpoint is at the end of the log',
      async () => (await checkpoint()) === String(ground.log.last),
    );
    expect(await written()).to.deep.equal([]);
  });

  it('says as of when its view is complete, also while nothing happens', async () => {
    await run();
    fill(1);
    await until('the mark is of now', async () => {
      const { rows } = await ground.database.query<{ recent: boolean }>(
        `SELECT as_of > now() - interval '1 second' AS recent FROM checkpoints WHERE name = 'journal'`,
      );
      return rows[0]?.recent === true;
    });
  });

  it('tells of a batch only when it is committed', async () => {
    const told: string[][] = [];
    const subscriptions = await run(journal({ committed: (events) => told.push(events.map(({ stream }) => stream)) }));
    fill(2);
    await subscriptions.reached('journal', ground.log.last);
    expect(told.flat()).to.deep.equal(ground.log.events.map(({ stream }) => stream));
  });

  it('tries a batch again while the database is away, and parks nothing', async () => {
    fill(3);
    let failures = 3;
    const away: Database = {
      query: (sql, params) => ground.database.query(sql, params),
      transaction: (work) => {
        failures -= 1;
        return failures >= 0 ? Promise.reject(new DatabaseUnavailable('away')) : ground.database.transaction(work);
      },
    };
    const subscriptions = await run(journal(), { database: away });
    await subscriptions.reached('journal', ground.log.last);
    expect(await written()).to.deep.equal(everything());
    expect(await parked()).to.deep.equal([]);
  });

  it('writes nothing twice when the connection dies during the commit and nobody knows how it ended', async () => {
    fill(3);
    let ambiguous = 2;
    const shaky: Database = {
      query: (sql, params) => ground.database.query(sql, params),
      transaction: async (work) => {
        const result = await ground.database.transaction(work);
        ambiguous -= 1;
        if (ambiguous >= 0) throw new DatabaseUnavailable('gone while committing', { ambiguous: true });
        return result;
      },
    };
    const subscriptions = await run(journal(), { database: shaky });
    await subscriptions.reached('journal', ground.log.last);
    expect(await written()).to.deep.equal(everything());
  });

  describe('with an event that cannot be projected', () => {
    const failingAt = (stream: string, revision: number): ProjectionDefinition => {
      const sound = journal();
      return {
        ...sound,
        project: async (events, transaction) => {
          await sound.project(events, transaction);
          if (events.some((event) => event.stream === stream && event.revision === revision)) {
            throw new TypeError('this event makes no sense');
          }
        },
      };
    };

    it('parks that event and every later one of its stream, and goes on with the rest', async () => {
      fill(30);
      ground.log.append('order-7', expired);
      const subscriptions = await run(failingAt('order-7', 1));
      await subscriptions.reached('journal', ground.log.last);
      expect(await parked()).to.deep.equal(['order-7@1', 'order-7@2']);
      const theRest = everything().filter((line) => line !== 'order-7@1' && line !== 'order-7@2');
      expect(await written()).to.deep.equal(theRest);
    });

    it('goes on parking the stream after a restart', async () => {
      fill(3);
      const first = await run(failingAt('order-1', 0));
      await first.reached('journal', ground.log.last);
      await first.stop();
      ground.log.append('order-1', expired);
      ground.log.append('order-2', expired);
      const second = await run();
      await second.reached('journal', ground.log.last);
      expect(await parked()).to.deep.equal(['order-1@0', 'order-1@1', 'order-1@2']);
      expect(await written())
        .to.include('order-2@2')
        .and.not.include('order-1@2');
    });

    it('parks what the database refuses to hold', async () => {
      fill(2);
      ground.log.append('order-0', expired);
      const overflowing: ProjectionDefinition = {
        ...journal(),
        project: async (events, transaction) => {
          await journal().project(events, transaction);
          if (events.some(({ event }) => event.type === 'OrderExpired')) await transaction.query(`SELECT 1 / 0`);
        },
      };
      const subscriptions = await run(overflowing);
      await subscriptions.reached('journal', ground.log.last);
      expect(await parked()).to.deep.equal(['order-0@2']);
    });

    it('parks nothing when the table is missing: that is no fault of the events', async () => {
      fill(2);
      await ground.database.query('ALTER TABLE journal RENAME TO journal_away');
      const subscriptions = await run();
      await until('it has tried', () => ground.kept.lines.some(({ message }) => message === 'a batch is tried again'));
      await ground.database.query('ALTER TABLE journal_away RENAME TO journal');
      await subscriptions.reached('journal', ground.log.last);
      expect(await parked()).to.deep.equal([]);
      expect(await written()).to.deep.equal(everything());
    });
  });

  it('parks what cannot be decoded, of a known type or of an unknown one in a stream that it folds', async () => {
    fill(2);
    ground.log.appendStored('order-0', 'OrderExpired', { dueAt: 7 }, 1);
    ground.log.appendStored('order-0', 'OrderExpired', expired.data, 1);
    ground.log.appendStored('order-1', 'OrderTeleported', {}, 1);
    ground.log.appendStored('order-1', 'OrderExpired', expired.data, 99);
    ground.log.appendStored('somebody-else', 'SomethingElse', {}, 1);
    const subscriptions = await run();
    await subscriptions.reached('journal', ground.log.last);
    expect(await parked()).to.deep.equal(['order-0@2', 'order-0@3', 'order-1@2', 'order-1@3']);
    expect(await written()).to.deep.equal(['order-0@0', 'order-0@1', 'order-1@0', 'order-1@1']);
  });

  describe('with two processes', () => {
    it('runs in one of them, and in the other when that one stops', async () => {
      fill(3);
      const first = await run();
      await first.reached('journal', ground.log.last);
      const second = await run();
      fill(3);
      await first.reached('journal', ground.log.last);
      expect(second.status().runners.map(({ state }) => state)).to.deep.equal(['waiting']);
      expect(await second.reached('journal', ground.log.last)).to.equal(true);
      await first.stop();
      ground.log.append('order-late', placed);
      await until('the other one leads', () => second.status().runners[0]?.state === 'leading');
      await second.reached('journal', ground.log.last);
      expect(await written()).to.deep.equal(everything());
    });

    it('commits nothing in a process that was frozen while another one took over', async () => {
      fill(2);
      let frozen: (() => void) | undefined;
      const thawed = new Promise<void>((resolve) => (frozen = resolve));
      let reachedTheMiddle = false;
      const sound = journal();
      const freezing: ProjectionDefinition = {
        ...sound,
        project: async (events: readonly RecordedEvent[], transaction: Queryable) => {
          await sound.project(events, transaction);
          reachedTheMiddle = true;
          await thawed;
        },
      };
      // a frozen process renews nothing: its lease is short and its heart beats late
      const first = await run(freezing, { runnerTimings: { leaseMs: 50, heartbeatMs: 60_000 } });
      await until('the first one is in the middle of its transaction', () => reachedTheMiddle);
      const second = await run();
      await second.reached('journal', ground.log.last);
      frozen?.();
      await until('the first one has noticed', () =>
        ground.kept.lines.some(({ message }) => message === 'a lease was lost to another process'),
      );
      expect(await written()).to.deep.equal(everything());
      ground.log.append('order-late', placed);
      await second.reached('journal', ground.log.last);
      expect(await written()).to.deep.equal(everything());
      expect(first.status().runners[0]?.state).to.equal('waiting');
    });

    it('takes over at once from its own killed predecessor where nobody else can be running', async () => {
      fill(1);
      await ground.database.query(
        `INSERT INTO checkpoints (name, epoch, owner, lease_until) VALUES ('journal', 5, 'killed', now() + interval '1 hour')`,
      );
      const subscriptions = await run(journal(), { takeOver: true });
      await subscriptions.reached('journal', ground.log.last);
      expect(await written()).to.deep.equal(everything());
    });
  });
});
