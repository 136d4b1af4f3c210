import pg from 'pg';
import { openEventStore } from '#comanda/infrastructure/eventstore/index.js';
import { migrate } from '#comanda/infrastructure/postgres/migrate.js';
import { READ_MODELS } from '#comanda/main/roles/projections.js';
import { PROCESS_NAMES } from '#comanda/processes/index.js';
import { PUBLISHER } from '#comanda/projections/publishers/publisher.js';
import { type Bench, type Case, own } from '../bench.js';
import { figure } from '../harness/contest.js';
import type { Figure } from '../harness/figure.js';
import { Operator } from '../load/operator.js';
import type { Compared, RebuildJob } from '../load/rebuilder.js';
import type { LoadResult } from '../load/requests.js';
import { historyOf, writeHistory } from '../shop/history.js';
import { apiEnvironment } from './accepting.js';
import { caughtUp, MANY_SKUS, type Past, type Shop, startWhole } from './flowing.js';

/** Orders a second that are placed all the while. */
const RATE = 50;
const CONNECTIONS = 64;
/** How long the load runs before it looks whether the rebuild is done. */
const STRETCH_S = 10;
const BEFORE_S = 20;

/** A log of so many orders, whose processes and publisher have done all they had to do: only read models come after them. */
const longAgo = (bench: Bench, orders: number): Past => ({
  write: (eventStore) =>
    writeHistory(eventStore, orders, (written) =>
      bench.options.progress(`writing the log: ${written.toLocaleString('en-US')} orders`),
    ),
  prepare: async ({ eventStoreUrl, postgresUrl }) => {
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
  },
});

/** Places orders at the rate until the work is done; an answer that is not a good one ends both, and so does a failure of the work. */
async function underLoad<Result>(
  bench: Bench,
  url: string,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<{ readonly result: Result; readonly loads: readonly LoadResult[] }> {
  const ending = new AbortController();
  let busy = true;
  const loads: LoadResult[] = [];
  const loading = async (): Promise<void> => {
    while (busy) {
      const traffic = { kind: 'place', lines: 1, skus: MANY_SKUS } as const;
      loads.push(await bench.load({ url, connections: CONNECTIONS, seconds: STRETCH_S, rate: RATE, traffic }));
    }
  };
  const working = work(ending.signal).finally(() => void (busy = false));
  try {
    const [result] = await Promise.all([working, loading()]);
    return { result, loads };
  } finally {
    busy = false;
    ending.abort();
  }
}

async function rebuildLive(bench: Bench): Promise<readonly Figure[]> {
  const orders = bench.options.manyOrders;
  const events = orders * (await historyOf(0)).length;
  const shop = await startWhole(bench, MANY_SKUS, longAgo(bench, orders));
  // accepting has a process of its own, as wherever there is more to do than one can: what follows may take its time
  const { line: api } = await bench.server(own('servers/api.js'), [], {
    env: apiEnvironment(shop.eventStoreUrl, shop.postgresUrl),
    ready: /^READY/,
  });
  const operator = new Operator(shop.env);
  bench.atEnd(() => operator.stop());
  const name = `rebuild of all read models over ${events.toLocaleString('en-US')} events, ${RATE} orders/s meanwhile`;
  const { loads: before } = await underLoad(
    bench,
    api,
    () => new Promise((resolve) => setTimeout(resolve, BEFORE_S * 1_000)),
  );
  bench.options.progress(name);
  const { result, loads } = await underLoad(bench, api, async (signal) => ({
    rebuilt: await operator.run(['projections', 'rebuild', 'all'], signal),
    switched: await operator.run(['projections', 'switch', 'all'], signal),
  }));
  bench.options.progress(`${name}: what serves now, compared with the log`);
  await caughtUp(bench, shop);
  const compared = await compareWithLog(bench, shop);
  const answers = (of: readonly LoadResult[]) => of.map(({ p50, p99 }) => ({ value: p50, p99 }));
  const placed = loads.reduce((sum, load) => sum + load.answers, 0);
  const rate = (of: readonly LoadResult[]) =>
    (of.reduce((sum, { perSecond }) => sum + perSecond, 0) / of.length).toFixed(1);
  return [
    {
      ...figure(name, 'rebuild and comparison', 'events/s', [{ value: events / result.rebuilt }]),
      note: `${result.rebuilt.toFixed(0)} s; the switch ${result.switched.toFixed(1)} s`,
    },
    {
      ...figure(name, 'an order placed meanwhile', 'ms', answers(loads)),
      note: `${placed} orders, ${rate(loads)} a second; no request failed`,
    },
    { ...figure(name, 'an order placed before', 'ms', answers(before)), note: `${rate(before)} a second` },
    {
      ...figure(name, 'verify of what serves afterwards', 'events/s', [{ value: compared.perSecond }]),
      note: `${compared.rows.toLocaleString('en-US')} rows compared, no difference; ${compared.memoryMiB} MiB of memory at most`,
    },
  ];
}

/** Every row of every read model against the log; @throws where one differs. */
async function compareWithLog(bench: Bench, { eventStoreUrl, postgresUrl }: Shop): Promise<Compared> {
  const rebuilder = await bench.worker('load/rebuilder.js');
  return await rebuilder.do<Compared>({ kind: 'compare', eventStoreUrl, postgresUrl } satisfies RebuildJob);
}

export const liveRebuildCases: readonly Case[] = [
  {
    name: 'rebuild-live',
    summary: 'all read models made anew over a million events, and switched to, while orders come in',
    long: true,
    run: rebuildLive,
  },
];
