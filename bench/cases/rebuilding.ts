import { type Bench, type Case } from '../bench.js';
import type { Figure } from '../harness/figure.js';
import { startWorld, type World } from '../harness/world.js';
import type { ProjectJob } from '../load/projector.js';
import type { RebuildJob } from '../load/rebuilder.js';
import { historyOf, writeHistoryInto } from '../shop/history.js';
import { history } from './reading.js';

const SINGLE = 'one event, one transaction';
const ALONE = 'the log read by a subscription, nothing decoded';
const READ = 'the log read by the thread that reads, nothing decoded';

/** What is verified is long: a thread takes its time to begin. */
const LONGER = 4;

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

/** A log of so many orders, written at once, and an order view made of it. */
const written = (bench: Bench, orders: number): Promise<{ readonly world: World; readonly events: number }> =>
  bench.once(`a log of ${orders} orders and their view`, async () => {
    const world = await startWorld(await bench.postgres());
    bench.atEnd(() => world.stop());
    await world.withoutNode((folder) =>
      writeHistoryInto(folder, orders, (count) => bench.options.progress(`writing the log: ${count} orders`)),
    );
    const { eventStoreUrl, postgresUrl } = world;
    const events = orders * (await historyOf(0)).length;
    const projector = await bench.worker('load/projector.js');
    await projector.do<number>({ kind: 'catch-up', eventStoreUrl, postgresUrl, events } satisfies ProjectJob);
    return { world, events };
  });

async function verifying(bench: Bench): Promise<readonly Figure[]> {
  const { world, events } = await written(bench, LONGER * bench.options.orders);
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
