import { type Bench, type Case } from '../bench.js';
import type { Figure } from '../harness/figure.js';
import type { RebuildJob } from '../load/rebuilder.js';
import { history } from './reading.js';

const SINGLE = 'one event, one transaction';
const ALONE = 'the log read by the client alone';
const READ = 'the log read and decoded, nothing else';

/** Events of which one after the other is projected in a transaction of its own: more would only take longer. */
const SOME = 2_000;

async function rebuild(bench: Bench): Promise<readonly Figure[]> {
  const log = await history(bench, bench.options.orders);
  const postgres = await bench.postgres();
  const rebuilder = await bench.worker('load/rebuilder.js');
  return await bench.contest(`rebuild over ${log.events.toLocaleString('en-US')} events`, 'events/s', [
    {
      what: 'rebuild of the order view, compared with the one that serves',
      run: async () => ({
        value: await rebuilder.do<number>({
          kind: 'rebuild',
          eventStoreUrl: log.world.eventStoreUrl,
          postgresUrl: await postgres.createDatabase(),
        } satisfies RebuildJob),
      }),
      against: [{ to: SINGLE, goal: { text: '≥ 10 × one event, one transaction', least: 10 } }],
    },
    {
      what: SINGLE,
      run: async () => ({ value: await log.catchUp('one by one', await postgres.createDatabase(), SOME) }),
    },
  ]);
}

async function verifying(bench: Bench): Promise<readonly Figure[]> {
  const log = await history(bench, bench.options.orders);
  const postgres = await bench.postgres();
  const rebuilder = await bench.worker('load/rebuilder.js');
  const postgresUrl = await bench.once('an order view to verify', async () => {
    const url = await postgres.createDatabase();
    await log.catchUp('catch-up', url);
    return url;
  });
  const { eventStoreUrl } = log.world;
  const job = async (kind: RebuildJob['kind']) => ({
    value: await rebuilder.do<number>({ kind, eventStoreUrl, postgresUrl } satisfies RebuildJob),
  });
  return await bench.contest(`verify over ${log.events.toLocaleString('en-US')} events`, 'events/s', [
    {
      what: 'the log read, folded and checked, and every row of the order view compared',
      run: () => job('verify'),
      against: [{ to: ALONE }, { to: READ }],
      goal: { text: '≥ 20,000 events/s', least: 20_000 },
    },
    { what: READ, run: () => job('read-history') },
    { what: ALONE, run: () => job('read') },
  ]);
}

export const rebuildingCases: readonly Case[] = [
  { name: 'rebuild', summary: 'the order view made anew beside the one that serves', run: rebuild },
  { name: 'verify', summary: 'the log against everything that was made of it', run: verifying },
];
