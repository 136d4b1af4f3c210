import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { EventStore } from '#comanda/commands/ports/eventStore.js';
import { ORDER_VIEW } from '#comanda/projections/order/schema.js';
import { BUILD_SIGN } from '#comanda/subscriptions/lag.js';
import { type Bench, type Case, COMANDA, freePort } from '../bench.js';
import { figure } from '../harness/contest.js';
import type { Figure } from '../harness/figure.js';
import { median, quantile } from '../harness/statistics.js';
import { startWorld, type World } from '../harness/world.js';
import { orderBodies } from '../load/requests.js';
import type { ProbeJob, ProbeResult } from '../load/prober.js';
import { durations, inTurn, queueLengths, STAGES, type Way, waysSince } from '../shop/flow.js';
import { addArticle, openShop, sideBySide } from '../shop/seed.js';
import { accepting, apiEnvironment, SECRET } from './accepting.js';

export const MANY_SKUS = 10_000;
/** Clients that wait for their payment link before they order again: so the queues cannot grow, and the rate is what is sustained. */
const CLIENTS = 64;
const WAIT = 'wait=30';
const SETTLE_WITHIN_MS = 60_000;
/** A log of a million events takes its time. */
const RUN_IN_WITHIN_MS = 1_800_000;
const RUN_IN_ORDERS = 500;

/** Comanda whole, all roles in one process, and a payment provider in another. */
export interface Shop {
  /** Process ids. */
  readonly pid: number;
  readonly nodePid: number;
  readonly url: string;
  readonly eventStoreUrl: string;
  readonly postgresUrl: string;
  /** What Comanda was configured with. */
  readonly env: Readonly<Record<string, string>>;
}

/** What a case adds to a shop before Comanda starts: to its log, before the node serves it, and to its world. */
export interface Past {
  readonly write: (eventStore: EventStore) => Promise<void>;
  readonly prepare: (world: World) => Promise<void>;
}

/** Starts all roles of Comanda on a world of its own. */
export async function startWhole(bench: Bench, skus: number, past?: Past): Promise<Shop> {
  const world = await startWorld(await bench.postgres(), async (eventStore) => {
    await openShop(eventStore, skus);
    await past?.write(eventStore);
  });
  bench.atEnd(() => world.stop());
  const { eventStoreUrl, postgresUrl } = world;
  await past?.prepare(world);
  const [port, simulatorPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const keys = { STRIPE_SECRET_KEY: 'sk_test_bench', STRIPE_WEBHOOK_SECRET: 'whsec_bench' };
  await bench.server(COMANDA, ['stripe-simulator', '--webhook-url', `${url}/v1/webhooks/stripe`], {
    env: {
      ...keys,
      STRIPE_SIMULATOR_PORT: String(simulatorPort),
      COMANDA_DATA: await bench.folder(),
      LOG_LEVEL: 'error',
    },
  });
  const env = {
    ...apiEnvironment(eventStoreUrl, postgresUrl),
    ...keys,
    STRIPE_API_BASE: `http://127.0.0.1:${simulatorPort}`,
    COMANDA_SECRET: SECRET,
    COMANDA_DATA: await bench.folder(),
    PORT: String(port),
    LOG_LEVEL: 'error',
  };
  const { pid } = await bench.server(COMANDA, ['start'], { env, ready: /ready/ });
  await runningIn(bench, { url, postgresUrl });
  return { url, eventStoreUrl, postgresUrl, env, pid, nodePid: world.nodePid };
}

/** Waits until every runner has handled what is in the log. */
export async function caughtUp(bench: Bench, { postgresUrl }: Pick<Shop, 'postgresUrl'>): Promise<void> {
  const database = new pg.Client({ connectionString: postgresUrl });
  await database.connect();
  try {
    for (const deadline = Date.now() + RUN_IN_WITHIN_MS; ;) {
      const { rows } = await database.query<{ name: string }>(
        `SELECT name FROM checkpoints
         WHERE position($1 IN name) = 0 AND (as_of IS NULL OR as_of < now() - interval '3 seconds')`,
        // builds of read models that do not serve stand still
        [BUILD_SIGN],
      );
      if (rows.length === 0) break;
      const names = rows.map(({ name }) => name).join(', ');
      bench.options.progress(`catching up with the log: ${names}`);
      if (Date.now() > deadline) throw new Error(`these have not caught up with the log after half an hour: ${names}`);
      await new Promise((resume) => setTimeout(resume, 500));
    }
  } finally {
    await database.end();
  }
}

/** Comanda has to catch up with the shop's articles first, and its code to become warm. */
async function runningIn(bench: Bench, { url, postgresUrl }: Pick<Shop, 'url' | 'postgresUrl'>): Promise<void> {
  await caughtUp(bench, { postgresUrl });
  const bodies = orderBodies(1, RUN_IN_ORDERS);
  await sideBySide(
    RUN_IN_ORDERS,
    async (number) => {
      const response = await fetch(`${url}/v1/orders`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID(), prefer: WAIT },
        body: bodies[number] ?? '',
      });
      const answer = await response.text();
      if (response.status !== 201) throw new Error(`an order was answered with ${response.status}: ${answer}`);
    },
    CLIENTS,
  );
}

export const whole = (bench: Bench): Promise<Shop> => bench.once('a whole Comanda', () => startWhole(bench, MANY_SKUS));

/** Waits until every order since a time has its link, and says how they went. */
async function settled({ eventStoreUrl }: Shop, since: number): Promise<readonly Way[]> {
  for (const deadline = Date.now() + SETTLE_WITHIN_MS; ;) {
    const ways = await waysSince(eventStoreUrl, since);
    const open = ways.filter(({ linked }) => linked === undefined).length;
    if (open === 0) return ways;
    if (Date.now() > deadline) throw new Error(`${open} of ${ways.length} orders have no payment link after a minute`);
    await new Promise((resume) => setTimeout(resume, 500));
  }
}

/** The load of clients that wait for their payment links. */
export const waitingClients = (url: string, skus: number) =>
  ({ url, connections: CLIENTS, traffic: { kind: 'place', lines: 1, skus, prefer: WAIT } }) as const;

async function flow(bench: Bench): Promise<readonly Figure[]> {
  const shop = await whole(bench);
  const { api } = await accepting(bench);
  const figures = await bench.contest('whole way', '1/s', [
    bench.loaded('placed → payment link', waitingClients(shop.url, MANY_SKUS), {
      against: [{ to: 'accepting alone', goal: { text: '≥ 10 % of accepting alone', least: 0.1 } }],
      processes: { Comanda: shop.pid, node: shop.nodePid },
    }),
    bench.loaded('accepting alone', {
      url: api,
      connections: CLIENTS,
      traffic: { kind: 'place', lines: 1, skus: 1_000 },
    }),
  ]);
  const rate = (figures[0]?.median ?? 0) * 0.8;
  return [...figures, ...(await atRate(bench, shop, rate))];
}

/** At four fifths of what is sustained, orders arriving whether earlier ones are done or not: how long each stage takes, and its queue. */
async function atRate(bench: Bench, shop: Shop, rate: number): Promise<readonly Figure[]> {
  const name = 'whole way, at four fifths of that rate';
  const { rounds, seconds } = bench.options;
  bench.options.progress(name);
  const since = Date.now();
  await bench.load({
    url: shop.url,
    connections: CLIENTS,
    seconds: rounds * seconds,
    rate: Math.max(1, Math.round(rate)),
    traffic: { kind: 'place', lines: 1, skus: MANY_SKUS },
  });
  const ways = await settled(shop, since);
  // one stretch of the load after the other, so that a queue may grow from each to the next
  const stretches = inTurn(ways, rounds);
  return STAGES.map(({ name: stage, from, to }) => {
    const took = stretches.map((stretch) => durations(stretch, from, to));
    const queue = queueLengths(ways, from, to, 10);
    return {
      ...figure(
        name,
        stage,
        'ms',
        took.map((ms) => ({ value: median(ms), p99: quantile(ms, 0.99) })),
      ),
      note: `at ${Math.round(rate)} orders/s; queue along the way: ${queue.join(', ')}`,
    };
  });
}

async function hot(bench: Bench): Promise<readonly Figure[]> {
  const shop = await whole(bench);
  const { crud } = await accepting(bench);
  const spread = '10,000 articles';
  const processes = { Comanda: shop.pid, node: shop.nodePid };
  const figures = await bench.contest('hot article', '1/s', [
    bench.loaded('one article for all', waitingClients(shop.url, 1), {
      against: [{ to: spread, goal: { text: '≥ 90 % of 10,000 articles', least: 0.9 } }],
      processes,
    }),
    bench.loaded(spread, waitingClients(shop.url, MANY_SKUS), { processes }),
    // no goal hangs on what others do
    bench.loaded(
      'CRUD service, one article',
      { ...waitingClients(crud, 1), seconds: bench.options.seconds / 2 },
      { against: [{ to: 'CRUD service, 1,000 articles' }] },
    ),
    bench.loaded('CRUD service, 1,000 articles', {
      ...waitingClients(crud, 1_000),
      seconds: bench.options.seconds / 2,
    }),
  ]);
  return [...figures, await oversold(bench, shop)];
}

/** Three hundred orders at once for two hundred units: exactly two hundred may be accepted. */
async function oversold(bench: Bench, shop: Shop): Promise<Figure> {
  const [orders, units] = [300, 200];
  bench.options.progress('hot article: more orders than units');
  const sku = `scarce-${Date.now()}`;
  await addArticle(shop.eventStoreUrl, sku, units);
  const statuses = await Promise.all(
    Array.from({ length: orders }, async (_, number) => {
      const response = await fetch(`${shop.url}/v1/orders`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': `${sku}-${number}`, prefer: WAIT },
        body: JSON.stringify({ locationId: 'main', mode: 'pickup', lines: [{ sku, quantity: 1 }] }),
      });
      return ((await response.json()) as { status?: string }).status;
    }),
  );
  const accepted = statuses.filter((status) => status === 'awaiting_payment').length;
  return {
    ...figure('hot article', `units sold of ${units}, with ${orders} orders`, 'units', [{ value: accepted }]),
    goal: { text: 'never one oversold, never one left over', least: units, most: units },
  };
}

async function visible(bench: Bench): Promise<readonly Figure[]> {
  const shop = await whole(bench);
  const prober = await bench.worker('load/prober.js');
  const { perSecond } = await bench.load(waitingClients(shop.url, MANY_SKUS));
  const rate = Math.max(1, Math.round(perSecond / 2));
  const name = 'write to visible at half load';
  const seconds = 2 * bench.options.seconds;
  const rounds: (readonly number[])[] = [];
  for (let round = 0; round <= bench.options.rounds; round += 1) {
    bench.options.progress(`${name}: round ${round} of ${bench.options.rounds}`);
    const job: ProbeJob = { url: shop.url, postgresUrl: shop.postgresUrl, table: ORDER_VIEW, seconds, skus: MANY_SKUS };
    const [probes] = await Promise.all([
      prober.do<ProbeResult>(job),
      bench.load({
        url: shop.url,
        connections: CLIENTS,
        seconds,
        rate,
        traffic: { kind: 'place', lines: 1, skus: MANY_SKUS },
      }),
    ]);
    if (round > 0) rounds.push(probes);
  }
  const at = (share: number) => rounds.map((probes) => ({ value: quantile(probes, share) }));
  return [
    figure(name, 'median of the probes', 'ms', at(0.5)),
    {
      ...figure(name, '99th percentile of the probes', 'ms', at(0.99)),
      goal: { text: 'p99 < 100 ms', most: 100 },
      note: `${rounds.reduce((sum, { length }) => sum + length, 0)} probes at ${rate} orders/s`,
    },
  ];
}

export const flowingCases: readonly Case[] = [
  {
    name: 'whole-way',
    summary: 'placed, stock reserved, payment link attached; queues; publisher to consumer',
    run: flow,
  },
  { name: 'hot-article', summary: 'everybody wants the same article', run: hot },
  { name: 'visible', summary: 'from the answer to the row in the read model', run: visible },
];
