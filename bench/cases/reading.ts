import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { type Bench, type Case, own } from '../bench.js';
import type { Contender } from '../harness/contest.js';
import type { Figure, Goal } from '../harness/figure.js';
import { startWorld, type World } from '../harness/world.js';
import type { ProjectJob } from '../load/projector.js';
import { orderBodies } from '../load/requests.js';
import { ARTICLES, historyOf, historyOrderId, writeHistory } from '../shop/history.js';
import { accepting, apiEnvironment, BARE, CRUD, EMMETT_SHAPE, SKUS } from './accepting.js';

/** Of 25,000 events. */
export const ORDERS = 3_125;
/** Of a million events. */
export const MANY_ORDERS = 125_000;
const READ = 2_000;
const FOUND = 100;
const CONNECTIONS = 64;
const LONG_ORDER = 60;
/** Events that warm up whoever reads a log. */
export const WARM = 10_000;
/** Events of which each is projected in a transaction of its own: more would only take longer. */
export const ONE_BY_ONE = 1_000;

export interface History {
  readonly world: World;
  /** How many there are in the log. */
  readonly events: number;
  /** Events a second of one of the three ways to write the order view, over the first so many events; absent: all. */
  readonly catchUp: (kind: ProjectJob['kind'], postgresUrl: string, events?: number) => Promise<number>;
}

/** A log of so many orders with whole histories. */
export const history = (bench: Bench, orders: number): Promise<History> =>
  bench.once(`the histories of ${orders} orders`, async () => {
    const world = await startWorld(await bench.postgres(), (eventStore) =>
      writeHistory(eventStore, orders, (written) =>
        bench.options.progress(`writing the log: ${written.toLocaleString('en-US')} orders`),
      ),
    );
    bench.atEnd(() => world.stop());
    const events = orders * (await historyOf(0)).length;
    const projector = await bench.worker('load/projector.js');
    return {
      world,
      events,
      catchUp: (kind, postgresUrl, some = events) =>
        projector.do<number>({
          kind,
          eventStoreUrl: world.eventStoreUrl,
          postgresUrl,
          // more than there are would be waited for
          events: Math.min(some, events),
        } satisfies ProjectJob),
    };
  });

/** The API over a log whose orders are all in the read model. */
const readable = (
  bench: Bench,
): Promise<{ readonly url: string; readonly pid: number; readonly eventStoreUrl: string }> =>
  bench.once('an API to read from', async () => {
    const { world, catchUp } = await history(bench, bench.options.orders);
    await catchUp('catch-up', world.postgresUrl);
    const { line, pid } = await bench.server(own('servers/api.js'), [], {
      env: apiEnvironment(world.eventStoreUrl, world.postgresUrl),
      ready: /^READY/,
    });
    return { url: line, pid, eventStoreUrl: world.eventStoreUrl };
  });

const json = async (url: string): Promise<unknown> => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return await response.json();
};

/** GETs of the API against bare Express answering what the first of the paths answers; with a goal, against bare Node, too. */
async function reads(
  bench: Bench,
  name: string,
  paths: readonly string[],
  { goal, others = [] }: { readonly goal?: Goal; readonly others?: readonly Contender[] } = {},
): Promise<readonly Figure[]> {
  const { url, pid } = await readable(bench);
  const answer = await json(`${url}${paths[0] ?? ''}`);
  const { express, http } = await bench.bare(name, answer);
  const half = bench.options.seconds / 2;
  const load = {
    connections: CONNECTIONS,
    // only where a goal hangs on it as long as elsewhere
    seconds: goal ? bench.options.seconds : half,
    traffic: { kind: 'get', paths },
  } as const;
  const floor = bench.loaded('bare node:http', { ...load, url: http.line, seconds: half });
  const against = [{ to: BARE, ...(goal ? { goal } : {}) }, ...others.map(({ what }) => ({ to: what }))];
  return await bench.contest(name, '1/s', [
    bench.loaded('Comanda', { ...load, url }, { against, processes: { Comanda: pid } }),
    bench.loaded(BARE, { ...load, url: express.line }, { processes: { Express: express.pid } }),
    ...(goal ? [floor] : []),
    ...others,
  ]);
}

/** Some orders placed at another service, to be read there. */
async function placedAt(url: string): Promise<readonly string[]> {
  const bodies = orderBodies(2, SKUS);
  return await Promise.all(
    Array.from({ length: 200 }, async (_, number) => {
      const response = await fetch(`${url}/v1/orders`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': `read-${number}-${Date.now()}` },
        body: bodies[number] ?? '',
      });
      const { id, orderId } = (await response.json()) as { id?: string; orderId?: string };
      return `/v1/orders/${id ?? orderId ?? ''}`;
    }),
  );
}

/** The words of an article's name: the first is in every order, the second in as many for each article. */
const searches = Array.from({ length: FOUND }, (_, n) => `/v1/orders?q=article+${ARTICLES - 1 - n}`);

const orderPaths = ({ options: { orders } }: Bench): readonly string[] =>
  Array.from({ length: READ }, (_, n) => `/v1/orders/${historyOrderId((n * 7_919) % orders)}`);

async function readOne(bench: Bench): Promise<readonly Figure[]> {
  const { crud, emmett } = await accepting(bench);
  const load = { connections: CONNECTIONS, seconds: bench.options.seconds / 2 };
  return await reads(bench, 'read-one', orderPaths(bench), {
    goal: { text: '≥ 80 % of bare Express', least: 0.8 },
    others: [
      bench.loaded(CRUD, { ...load, url: crud, traffic: { kind: 'get', paths: await placedAt(crud) } }),
      bench.loaded(EMMETT_SHAPE, { ...load, url: emmett, traffic: { kind: 'get', paths: await placedAt(emmett) } }),
    ],
  });
}

/** An order with sixty events: its history, and then progress reported again and again. */
const longOrder = (bench: Bench): Promise<string> =>
  bench.once(`an order of ${LONG_ORDER} events`, async () => {
    const { eventStoreUrl } = await readable(bench);
    const client = EventStoreDBClient.connectionString(eventStoreUrl);
    const events = await historyOf(bench.options.orders);
    const last = events.at(-1);
    if (!last) throw new Error('a history without events');
    const more = Array.from({ length: LONG_ORDER - events.length }, () => last);
    const id = historyOrderId(bench.options.orders);
    await client.appendToStream(
      `order-${id}`,
      [...events, ...more].map(({ type, data, metadata }) =>
        jsonEvent({ type, data: data as Record<string, never>, metadata: metadata as Record<string, never> }),
      ),
    );
    await client.dispose();
    return `/v1/orders/${id}`;
  });

async function catchUp(bench: Bench, orders: number): Promise<readonly Figure[]> {
  const log = await history(bench, orders);
  const postgres = await bench.postgres();
  const again =
    (kind: ProjectJob['kind'], events = log.events) =>
    async () => ({
      value: await log.catchUp(kind, await postgres.createDatabase(), events),
    });
  const upserts = 'the same rows upserted, nothing else';
  const single = 'one event, one transaction';
  return await bench.contest(`catch-up over ${log.events.toLocaleString('en-US')} events`, 'events/s', [
    {
      what: 'order view',
      run: again('catch-up'),
      warmUp: again('catch-up', WARM),
      against: [
        { to: upserts, goal: { text: '≥ 50 % of bare upserts', least: 0.5 } },
        { to: single, goal: { text: '≥ 10 × one event, one transaction', least: 10 } },
      ],
    },
    // the statements are kept in memory, so of a very long log only a part
    { what: upserts, run: again('upserts', 200_000) },
    { what: single, run: again('one by one', ONE_BY_ONE), warmUp: again('one by one', ONE_BY_ONE / 10) },
  ]);
}

async function timeTravel(bench: Bench): Promise<readonly Figure[]> {
  const path = await longOrder(bench);
  return await reads(bench, 'time-travel', [`${path}?revision=30`, `${path}?revision=59`, `${path}?revision=5`]);
}

export const readingCases: readonly Case[] = [
  { name: 'read-one', summary: 'one order from the read model', run: readOne },
  {
    name: 'search',
    summary: 'orders by the words of what was ordered, a page of up to 25',
    run: (bench) => reads(bench, 'search', searches),
  },
  { name: 'list', summary: 'the newest 25 orders', run: (bench) => reads(bench, 'list', ['/v1/orders?limit=25']) },
  {
    name: 'timeline',
    summary: `everything that happened to an order of ${LONG_ORDER} events, from its stream`,
    run: async (bench) => reads(bench, 'timeline', [`${await longOrder(bench)}/timeline`]),
  },
  { name: 'time-travel', summary: 'an order as it was at a revision, folded from its stream', run: timeTravel },
  {
    name: 'catch-up',
    summary: 'the order view built from the beginning of the log',
    run: (bench) => catchUp(bench, bench.options.orders),
  },
  {
    name: 'catch-up-long',
    summary: 'the same over a million events',
    long: true,
    run: (bench) => catchUp(bench, bench.options.manyOrders),
  },
];
