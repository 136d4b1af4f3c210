import { expect } from 'chai';
import type { ProjectionDefinition, ReactorDefinition } from '../../../src/subscriptions/contract.js';
import { UnprocessableEvent } from '../../../src/subscriptions/faults.js';
import { discardedEvents } from '../../../src/subscriptions/parking/discarded.js';
import {
  type Asked,
  type ParkedEvent,
  type ParkedEvents,
  parkedEvents,
} from '../../../src/subscriptions/parking/parkedEvents.js';
import { placedOrder } from '../../support/fixtures.js';
import { until } from '../../support/until.js';
import { enter, type Ground } from './setup.js';

const placed = { type: 'OrderPlaced', data: placedOrder() } as const;
const secured = { type: 'StockSecured', data: { reservations: [] } } as const;

describe('parked events and what an operator asks of them', () => {
  let ground: Ground;
  let parked: ParkedEvents;
  let poison: Set<string>;
  let handled: string[];

  before(async function () {
    this.timeout(300_000);
    ground = await enter([], ['CREATE TABLE written (nr bigserial PRIMARY KEY, line text NOT NULL)']);
  });
  beforeEach(() => {
    parked = parkedEvents(ground.database);
    poison = new Set();
    handled = [];
  });
  afterEach(() => ground.clear());
  after(() => ground.leave());

  const lineOf = ({ stream, revision }: { stream: string; revision: number }): string => `${stream}@${revision}`;
  const lines = async (): Promise<readonly string[]> => (await parked.list()).map(lineOf);
  const fill = (orders: number): void => {
    for (let n = 0; n < orders; n++) ground.log.append(`order-${n}`, placed, secured, secured);
  };
  const idOf = async (line: string): Promise<string> => {
    const event = (await parked.list()).find((candidate) => lineOf(candidate) === line);
    if (!event) throw new Error(`${line} is not parked`);
    return event.id;
  };
  const done = async (asked: Asked): Promise<void> => {
    if (asked._tag !== 'Asked') throw new Error(asked._tag);
    await until('what was asked is done', async () => (await parked.undone(asked.events.map(({ id }) => id))) === 0);
  };
  const reached = (subscriptions: ReturnType<Ground['subscriptions']>) =>
    subscriptions.reached('runner', ground.log.last);

  describe('of a projection', () => {
    const projection: ProjectionDefinition = {
      name: 'runner',
      wants: () => true,
      project: async (events, transaction) => {
        for (const event of events) {
          await transaction.query('INSERT INTO written (line) VALUES ($1)', [lineOf(event)]);
          if (poison.has(lineOf(event))) throw new TypeError(`${lineOf(event)} makes no sense`);
        }
      },
    };
    const written = async (): Promise<string[]> =>
      (await ground.database.query<{ line: string }>('SELECT line FROM written ORDER BY nr')).rows.map(
        ({ line }) => line,
      );
    const start = async () => {
      const subscriptions = ground.subscriptions();
      subscriptions.addProjection(projection);
      await subscriptions.start();
      return subscriptions;
    };

    it('are replayed in order while the runner goes on, and their stream is held back no longer', async () => {
      fill(3);
      poison.add('order-1@1');
      const subscriptions = await start();
      await reached(subscriptions);
      expect(await lines()).to.deep.equal(['order-1@1', 'order-1@2']);
      poison.clear();
      // asked of the last one: the whole stream is replayed, from its first parked event on
      await done(await parked.retry(await idOf('order-1@2')));
      expect(await lines()).to.deep.equal([]);
      ground.log.append('order-1', secured);
      await reached(subscriptions);
      expect((await written()).filter((line) => line.startsWith('order-1@'))).to.deep.equal([
        'order-1@0',
        'order-1@1',
        'order-1@2',
        'order-1@3',
      ]);
    });

    it('stay, with the new reason, when they fail again; what goes before the failure is done', async () => {
      fill(1);
      poison.add('order-0@0');
      const subscriptions = await start();
      await reached(subscriptions);
      poison = new Set(['order-0@1']);
      await done(await parked.retry(await idOf('order-0@0')));
      const left = await parked.list();
      expect(left.map(lineOf)).to.deep.equal(['order-0@1', 'order-0@2']);
      expect(left[0]?.reason).to.equal('TypeError: order-0@1 makes no sense');
      expect(left[0]?.triedAt).not.to.equal(null);
      expect(await written()).to.deep.equal(['order-0@0']);
    });

    it('are replayed by the next owner when nobody ran the runner', async () => {
      fill(1);
      poison.add('order-0@0');
      const first = await start();
      await reached(first);
      await first.stop();
      poison.clear();
      const asked = await parked.retry(await idOf('order-0@0'));
      await start();
      await done(asked);
      expect(await written()).to.deep.equal(['order-0@0', 'order-0@1', 'order-0@2']);
    });

    it('are dropped one by one from the first, or with all that follows', async () => {
      fill(1);
      poison.add('order-0@0');
      const subscriptions = await start();
      await reached(subscriptions);
      expect(await parked.discard(await idOf('order-0@1'), false)).to.deep.equal({
        _tag: 'NotTheFirst',
        first: await idOf('order-0@0'),
      });
      await done(await parked.discard(await idOf('order-0@0'), false));
      expect(await lines()).to.deep.equal(['order-0@1', 'order-0@2']);
      await done(await parked.discard(await idOf('order-0@1'), true));
      expect(await parked.counts()).to.deep.equal([]);
      ground.log.append('order-0', secured);
      await reached(subscriptions);
      expect(await written()).to.deep.equal(['order-0@3']);
    });

    it('are asked for only with whoever asks agreeing to what is lost, and not at all where one goes before', async () => {
      fill(1);
      poison.add('order-0@0');
      await reached(await start());
      const heard: string[][] = [];
      const disagree = (event: ParkedEvent, behind: readonly ParkedEvent[]): Promise<void> => {
        heard.push([event, ...behind].map(lineOf));
        return Promise.reject(new Error('no'));
      };
      const [first, second] = [await idOf('order-0@0'), await idOf('order-0@1')];
      expect(await parked.discard(second, false, disagree)).to.deep.equal({ _tag: 'NotTheFirst', first });
      expect(heard).to.deep.equal([]);
      for (const following of [false, true]) {
        const failure = await parked.discard(first, following, disagree).catch((error: unknown) => error);
        expect(String(failure)).to.equal('Error: no');
      }
      expect(heard).to.deep.equal([['order-0@0'], ['order-0@0', 'order-0@1', 'order-0@2']]);
      expect((await parked.list()).map(({ asked }) => asked)).to.deep.equal([null, null, null]);
    });

    it('are each done with as it was asked while nobody ran the runner', async () => {
      fill(2);
      poison = new Set(['order-0@0', 'order-1@0']);
      const first = await start();
      await reached(first);
      await first.stop();
      // the first of a stream is to go, and so is the next: the rest is replayed
      await parked.discard(await idOf('order-0@0'), false);
      expect(await parked.discard(await idOf('order-0@1'), false)).to.include({ _tag: 'Asked' });
      const retried = await parked.retry(await idOf('order-0@2'));
      expect(retried._tag === 'Asked' && retried.events.map(lineOf)).to.deep.equal(['order-0@2']);
      // one that fails again keeps nobody from dropping what comes behind it
      await parked.retry(await idOf('order-1@0'));
      await parked.discard(await idOf('order-1@1'), true);
      await start();
      await until('all is done', async () => {
        const { rows } = await ground.database.query('SELECT asked FROM parked');
        return rows.length === 1 && rows[0]?.['asked'] === null;
      });
      expect(await lines()).to.deep.equal(['order-1@0']);
      expect(await written()).to.deep.equal(['order-0@2']);
    });

    it('are counted by runner, and are not there under a made-up id', async () => {
      fill(2);
      poison = new Set(['order-0@0', 'order-1@2']);
      await reached(await start());
      const mine = { runner: 'runner', events: 4, streams: 2 };
      expect(await parked.counts()).to.deep.equal([mine]);
      // a build that does not serve keeps nobody waiting
      await ground.database.query(
        `INSERT INTO parked (runner, position, stream, revision, event_id, event_type, reason)
         SELECT 'runner#2', position, stream, revision, event_id, event_type, reason FROM parked`,
      );
      expect(await parked.counts()).to.deep.equal([mine]);
      expect(await parked.counts('runner#2')).to.deep.equal([{ ...mine, runner: 'runner#2' }]);
      expect([(await parked.list()).length, (await parked.list({ runner: 'runner#2' })).length]).to.deep.equal([4, 4]);
      expect(new Set((await parked.retryAll()).map(({ runner }) => runner))).to.deep.equal(new Set(['runner']));
      for (const id of ['runner@1', 'nonsense', 'runner@', "runner@1'"])
        expect(await parked.retry(id)).to.deep.equal({ _tag: 'NoSuchParkedEvent' });
    });
  });

  describe('of a reactor', () => {
    const start = async (change: Partial<ReactorDefinition> = {}) => {
      const subscriptions = ground.subscriptions();
      subscriptions.addReactor({
        name: 'runner',
        wants: () => true,
        key: ({ stream }) => stream,
        maxInFlight: 8,
        react: (event) => {
          if (poison.has(lineOf(event))) return Promise.reject(new UnprocessableEvent(`${lineOf(event)} cannot be`));
          handled.push(lineOf(event));
          return Promise.resolve();
        },
        ...change,
      });
      await subscriptions.start();
      return subscriptions;
    };

    it('are written down where they are dropped, until somebody has made up for it, and found once nothing of their stream is parked', async () => {
      fill(2);
      poison = new Set(['order-0@0', 'order-1@0']);
      const subscriptions = await start();
      await reached(subscriptions);
      const discards = discardedEvents(ground.database);
      const soon = new Date(Date.now() + 60_000).toISOString();
      const waiting = async (before = soon) => (await discards.waiting(before)).map(lineOf);
      await done(await parked.discard(await idOf('order-0@0'), false));
      expect(await waiting(), 'its operator is not done').to.deep.equal([]);
      await done(await parked.discard(await idOf('order-0@1'), true));
      await done(await parked.retry(await idOf('order-1@0')));
      expect(await waiting()).to.deep.equal(['order-0@0', 'order-0@1', 'order-0@2']);
      expect(await waiting(new Date(Date.now() - 60_000).toISOString())).to.deep.equal([]);
      const [first] = await discards.waiting(soon);
      expect(first).to.deep.include({ runner: 'runner', stream: 'order-0', revision: 0, type: 'OrderPlaced' });
      if (first) await discards.settled(first);
      expect(await waiting()).to.deep.equal(['order-0@1', 'order-0@2']);
    });

    it('are handled in order while others go on, and so is what comes for their key meanwhile', async () => {
      fill(2);
      poison.add('order-0@0');
      const subscriptions = await start();
      await reached(subscriptions);
      expect(await lines()).to.deep.equal(['order-0@0', 'order-0@1', 'order-0@2']);
      poison.clear();
      const asked = await parked.retry(await idOf('order-0@0'));
      for (let n = 0; n < 20; n++) ground.log.append('order-0', secured);
      await done(asked);
      await reached(subscriptions);
      ground.log.append('order-0', secured);
      await until('all are handled', () =>
        Promise.resolve(handled.filter((line) => line.startsWith('order-0@')).length === 24),
      );
      await until('nothing is parked', async () => (await lines()).length === 0);
      const ofTheKey = handled.filter((line) => line.startsWith('order-0@'));
      expect(ofTheKey).to.deep.equal(Array.from({ length: 24 }, (_, revision) => `order-0@${revision}`));
    });

    it('hang together over a shared key, whatever their streams', async () => {
      ground.log.append('order-0', placed);
      ground.log.append('order-1', placed);
      ground.log.append('order-2', placed);
      poison.add('order-0@0');
      const subscriptions = await start({ key: ({ stream }) => (stream === 'order-2' ? 'other' : 'same') });
      await reached(subscriptions);
      expect(await lines()).to.deep.equal(['order-0@0', 'order-1@0']);
      poison.clear();
      await done(await parked.retry(await idOf('order-1@0')));
      expect(handled).to.deep.equal(['order-2@0', 'order-0@0', 'order-1@0']);
    });

    it('stay where they fail again, and hold back what follows', async () => {
      fill(1);
      poison = new Set(['order-0@0', 'order-0@1']);
      const subscriptions = await start();
      await reached(subscriptions);
      poison.delete('order-0@0');
      await done(await parked.retry(await idOf('order-0@0')));
      expect(await lines()).to.deep.equal(['order-0@1', 'order-0@2']);
      ground.log.append('order-0', secured);
      await reached(subscriptions);
      expect(await lines()).to.deep.equal(['order-0@1', 'order-0@2', 'order-0@3']);
      expect(handled).to.deep.equal(['order-0@0']);
    });
  });
});
