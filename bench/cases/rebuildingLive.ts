import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import pg from 'pg';
import { openEventStore } from '#comanda/infrastructure/eventstore/index.js';
import { migrate } from '#comanda/infrastructure/postgres/migrate.js';
import { READ_MODELS } from '#comanda/main/roles/projections.js';
import { PROCESS_NAMES } from '#comanda/processes/index.js';
import { PUBLISHER } from '#comanda/projections/publishers/publisher.js';
import { type Bench, type Case, COMANDA } from '../bench.js';
import { figure } from '../harness/contest.js';
import type { Figure } from '../harness/figure.js';
import type { World } from '../harness/world.js';
import type { LoadResult } from '../load/requests.js';
import { historyOf, writeHistory } from '../shop/history.js';
import { MANY_SKUS, type Shop, startWhole } from './flowing.js';

/** Orders a second that are placed all the while. */
const RATE = 50;
const CONNECTIONS = 64;
/** How long the load runs before it looks whether the rebuild is done. */
const STRETCH_S = 10;

/** A log of so many orders, whose processes and publisher have done all they had to do: only read models come after them. */
const longAgo =
  (orders: number) =>
  async ({ eventStoreUrl, postgresUrl }: World): Promise<void> => {
    await writeHistory(eventStoreUrl, orders);
    await migrate({ url: postgresUrl, readModels: READ_MODELS });
    const store = openEventStore({ url: eventStoreUrl });
    const head = await store.feed.head();
    await store.close();
    const database = new pg.Client({ connectionString: postgresUrl });
    await database.connect();
    await database.query('INSERT INTO checkpoints (name, position, epoch) SELECT unnest($1::text[]), $2, 0', [
      [...PROCESS_NAMES, PUBLISHER],
      String(head),
    ]);
    await database.end();
  };

/** Runs `comanda projections …` beside the installation; resolves with the seconds it took. */
async function operator({ env }: Shop, ...args: readonly string[]): Promise<number> {
  const from = performance.now();
  await promisify(execFile)(process.execPath, [COMANDA, 'projections', ...args], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_ENV: 'production', ...env },
  });
  return (performance.now() - from) / 1_000;
}

/** Places orders at the rate until the work is done; an answer that is not a good one ends it. */
async function underLoad<Result>(
  bench: Bench,
  { url }: Shop,
  work: Promise<Result>,
): Promise<{ readonly result: Result; readonly loads: readonly LoadResult[] }> {
  let busy = true;
  const done = work.finally(() => void (busy = false));
  const loads: LoadResult[] = [];
  const loading = async (): Promise<void> => {
    while (busy) {
      const traffic = { kind: 'place', lines: 1, skus: MANY_SKUS } as const;
      loads.push(await bench.load({ url, connections: CONNECTIONS, seconds: STRETCH_S, rate: RATE, traffic }));
    }
  };
  const [result] = await Promise.all([done, loading()]);
  return { result, loads };
}

async function rebuildLive(bench: Bench): Promise<readonly Figure[]> {
  const orders = bench.options.manyOrders;
  const events = orders * (await historyOf(0)).length;
  const shop = await startWhole(bench, MANY_SKUS, longAgo(orders));
  const name = `rebuild of all read models over ${events.toLocaleString('en-US')} events, ${RATE} orders/s meanwhile`;
  const { loads: before } = await underLoad(bench, shop, new Promise((resolve) => setTimeout(resolve, 30_000)));
  bench.options.progress(name);
  const { result, loads } = await underLoad(
    bench,
    shop,
    operator(shop, 'rebuild', 'all').then(async (seconds) => ({
      seconds,
      switched: await operator(shop, 'switch', 'all'),
    })),
  );
  const answers = (of: readonly LoadResult[]) => of.map(({ p50, p99 }) => ({ value: p50, p99 }));
  const placed = loads.reduce((sum, load) => sum + load.answers, 0);
  return [
    {
      ...figure(name, 'rebuild and comparison', 'events/s', [{ value: events / result.seconds }]),
      note: `${result.seconds.toFixed(0)} s; the switch ${result.switched.toFixed(1)} s`,
    },
    { ...figure(name, 'an order placed meanwhile', 'ms', answers(loads)), note: `${placed} orders, no request failed` },
    figure(name, 'an order placed before', 'ms', answers(before)),
  ];
}

export const liveRebuildCases: readonly Case[] = [
  {
    name: 'rebuild-live',
    summary: 'all read models made anew over a million events, and switched to, while orders come in',
    long: true,
    run: rebuildLive,
  },
];
