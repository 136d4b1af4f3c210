import { EventStoreDBClient } from '@eventstore/db-client';
import { type Bench, type Case, EMMETT, own } from '../bench.js';
import type { Contender } from '../harness/contest.js';
import type { Figure } from '../harness/figure.js';
import { startWorld } from '../harness/world.js';
import type { AppendJob } from '../load/appender.js';
import { type LoadJob, type LoadResult, orderBodies } from '../load/requests.js';
import { openShop } from '../shop/seed.js';

export const SKUS = 1_000;
const CONNECTIONS = [1, 16, 64, 256];
const COMPARED_AT = 64;
export const BARE = 'bare Express';
export const CRUD = 'CRUD service';
export const EMMETT_SHAPE = 'Emmett';
const CLIENT = 'event store client alone';
export const SECRET = 'only for the bench, on loopback';

/** Comanda's API, and what stands beside it: each a process of its own. */
interface Accepting {
  readonly api: string;
  readonly crud: string;
  readonly emmett: string;
  readonly eventStoreUrl: string;
  readonly postgresUrl: string;
  /** Process ids. */
  readonly pids: { readonly api: number; readonly node: number; readonly crud: number; readonly emmett: number };
}

export const apiEnvironment = (eventStoreUrl: string, postgresUrl: string): Record<string, string> => ({
  EVENTSTORE_URL: eventStoreUrl,
  POSTGRES_URL: postgresUrl,
  STRIPE_SECRET_KEY: 'sk_test_never_called',
  STRIPE_WEBHOOK_SECRET: 'whsec_never_called',
  COMANDA_SECRET: SECRET,
});

export const accepting = (bench: Bench): Promise<Accepting> =>
  bench.once('a shop that accepts orders', async () => {
    const postgres = await bench.postgres();
    const world = await startWorld(postgres, (eventStore) => openShop(eventStore, SKUS));
    bench.atEnd(() => world.stop());
    const { eventStoreUrl } = world;
    const api = await bench.server(own('servers/api.js'), [], {
      env: apiEnvironment(eventStoreUrl, world.postgresUrl),
      ready: /^READY/,
    });
    const crud = await bench.server(own('servers/crud.js'), [await postgres.createDatabase(), String(SKUS)]);
    const emmett = await bench.server(EMMETT, [eventStoreUrl], { ready: /^READY/ });
    return {
      api: api.line,
      crud: crud.line,
      emmett: emmett.line,
      eventStoreUrl,
      postgresUrl: world.postgresUrl,
      pids: { api: api.pid, node: world.nodePid, crud: crud.pid, emmett: emmett.pid },
    };
  });

/** One order as the API answers it. */
export async function sampleOf(api: string, lines: number): Promise<{ readonly id: string }> {
  const response = await fetch(`${api}/v1/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `sample-${lines}-${Date.now()}` },
    body: orderBodies(lines, SKUS)[0] ?? '',
  });
  const text = await response.text();
  if (response.status !== 201) throw new Error(`${api}: an order was answered with ${response.status}: ${text}`);
  return JSON.parse(text) as { id: string };
}

/** One order as the API answers it, and its events as they are stored. */
async function sample({ api, eventStoreUrl }: Accepting, lines: number) {
  const answer = await sampleOf(api, lines);
  const client = EventStoreDBClient.connectionString(eventStoreUrl);
  const events: AppendJob['events'][number][] = [];
  for await (const { event } of client.readStream(`order-${answer.id}`)) {
    if (event) events.push({ type: event.type, data: event.data as object, metadata: event.metadata as object });
  }
  await client.dispose();
  return { answer, events };
}

async function place(bench: Bench, lines: number): Promise<readonly Figure[]> {
  const shop = await accepting(bench);
  const name = `place, ${lines} ${lines === 1 ? 'line' : 'lines'}`;
  const { answer, events } = await bench.once(`${name}: a sample`, () => sample(shop, lines));
  const { express, http } = await bench.bare(name, answer);
  const traffic = { kind: 'place', lines, skus: SKUS } as const;
  const figures: Figure[] = [];
  for (const connections of CONNECTIONS) {
    const compared = connections === COMPARED_AT;
    const half = bench.options.seconds / 2;
    // no goal hangs on the others
    const seconds = compared && lines === 1 ? bench.options.seconds : half;
    const comanda = bench.loaded(
      'Comanda',
      { url: shop.api, connections, traffic, seconds },
      { processes: { Comanda: shop.pids.api, node: shop.pids.node } },
    );
    const against = [
      { to: BARE, ...(compared && lines === 1 ? { goal: { text: '≥ 50 % of bare Express', least: 0.5 } } : {}) },
    ];
    const bare = bench.loaded(
      BARE,
      { url: express.line, connections, traffic, seconds },
      { processes: { Express: express.pid } },
    );
    const contenders: Contender[] = compared
      ? [
          { ...comanda, against: [...against, ...OTHERS(lines)] },
          bare,
          ...(lines === 1
            ? [bench.loaded('bare node:http', { url: http.line, connections, traffic, seconds: half })]
            : []),
          ...(await others(bench, shop, events, { connections, traffic, seconds })),
        ]
      : [{ ...comanda, against }, bare];
    figures.push(
      ...(await bench.contest(`${name}, ${connections} connection${connections === 1 ? '' : 's'}`, '1/s', contenders)),
    );
  }
  return figures;
}

const OTHERS = (lines: number): NonNullable<Contender['against']> => [
  { to: CRUD, ...(lines === 1 ? { goal: { text: '≥ 2 × the CRUD service', least: 2 } } : {}) },
  { to: EMMETT_SHAPE, ...(lines === 1 ? { goal: { text: '≥ 5 × Emmett', least: 5 } } : {}) },
  { to: CLIENT },
];

/** Whom a user could pick instead, and the floor below everything. */
async function others(
  bench: Bench,
  shop: Accepting,
  events: AppendJob['events'],
  load: Omit<LoadJob, 'url'>,
): Promise<readonly Contender[]> {
  const appender = await bench.worker('load/appender.js');
  // the floor below: no goal hangs on it
  const seconds = bench.options.seconds / 2;
  const job: AppendJob = { url: shop.eventStoreUrl, inFlight: load.connections, seconds, events };
  return [
    bench.loaded(CRUD, { ...load, url: shop.crud }, { processes: { service: shop.pids.crud } }),
    bench.loaded(
      EMMETT_SHAPE,
      { ...load, url: shop.emmett },
      { processes: { service: shop.pids.emmett, node: shop.pids.node } },
    ),
    { what: CLIENT, run: async () => ({ value: (await appender.do<LoadResult>(job)).perSecond }) },
  ];
}

async function replay(bench: Bench): Promise<readonly Figure[]> {
  const { api, pids } = await accepting(bench);
  const processes = { Comanda: pids.api, node: pids.node };
  const traffic = { kind: 'place', lines: 1, skus: SKUS } as const;
  const load = { url: api, connections: COMPARED_AT, seconds: bench.options.seconds / 2 };
  return await bench.contest('replay', '1/s', [
    bench.loaded(
      'the same request again',
      { ...load, traffic: { ...traffic, keys: 'one' } },
      { against: [{ to: 'new orders' }], processes },
    ),
    bench.loaded('new orders', { ...load, traffic }, { processes }),
  ]);
}

export const acceptingCases: readonly Case[] = [
  { name: 'place-1', summary: 'accepting orders of one line', run: (bench) => place(bench, 1) },
  { name: 'place-10', summary: 'accepting orders of ten lines', run: (bench) => place(bench, 10) },
  { name: 'replay', summary: 'the same request again, idempotently', run: replay },
];
