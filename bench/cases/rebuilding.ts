import { type Bench, type Case } from '../bench.js';
import type { Figure } from '../harness/figure.js';
import type { RebuildJob } from '../load/rebuilder.js';
import { type History, history, ONE_BY_ONE, WARM } from './reading.js';

const SINGLE = 'one event, one transaction';
const READ = 'the log read by the thread that reads, nothing decoded';

/** What is verified is long: a thread takes its time to begin. */
const LONGER = 4;

async function rebuild(bench: Bench): Promise<readonly Figure[]> {
  const log = await history(bench, bench.options.orders);
  const postgres = await bench.postgres();
  const rebuilder = await bench.worker('load/rebuilder.js');
  const rebuilt = (events?: number) => async () => ({
    value: await rebuilder.do<number>({
      kind: 'rebuild',
      eventStoreUrl: log.world.eventStoreUrl,
      postgresUrl: await postgres.createDatabase(),
      ...(events === undefined ? {} : { events }),
    } satisfies RebuildJob),
  });
  const oneByOne = (events: number) => async () => ({
    value: await log.catchUp('one by one', await postgres.createDatabase(), events),
  });
  return await bench.contest(`rebuild over ${log.events.toLocaleString('en-US')} events`, 'events/s', [
    {
      what: 'rebuild of the order view, compared with the one that serves',
      run: rebuilt(),
      warmUp: rebuilt(WARM),
      against: [{ to: SINGLE, goal: { text: '≥ 10 × one event, one transaction', least: 10 } }],
    },
    { what: SINGLE, run: oneByOne(ONE_BY_ONE), warmUp: oneByOne(ONE_BY_ONE / 10) },
  ]);
}

/** A log of so many orders, and an order view made of it. */
const viewed = (bench: Bench, orders: number): Promise<History> =>
  bench.once(`an order view of ${orders} orders`, async () => {
    const log = await history(bench, orders);
    await log.catchUp('catch-up', log.world.postgresUrl);
    return log;
  });

async function verifying(bench: Bench): Promise<readonly Figure[]> {
  const { world, events } = await viewed(bench, LONGER * bench.options.orders);
  const rebuilder = await bench.worker('load/rebuilder.js');
  const job = async (kind: RebuildJob['kind']) => ({
    value: await rebuilder.do<number>({
      kind,
      eventStoreUrl: world.eventStoreUrl,
      postgresUrl: world.postgresUrl,
    } satisfies RebuildJob),
  });
  return await bench.contest(`verify over ${events.toLocaleString('en-US')} events`, 'events/s', [
    {
      what: 'the log read, folded and checked, and every row of the order view compared',
      run: () => job('verify'),
      against: [{ to: READ }],
      goal: { text: '≥ 20,000 events/s', least: 20_000 },
    },
    { what: READ, run: () => job('read') },
  ]);
}

export const rebuildingCases: readonly Case[] = [
  { name: 'rebuild', summary: 'the order view made anew beside the one that serves', run: rebuild },
  { name: 'verify', summary: 'the log against everything that was made of it', run: verifying },
];
