import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Bench, type Case, own } from '../bench.js';
import { figure } from '../harness/contest.js';
import type { Figure } from '../harness/figure.js';
import { processorTime } from '../harness/processorTime.js';
import { shares, type Step } from '../harness/profile.js';
import { startWorld } from '../harness/world.js';
import { openShop } from '../shop/seed.js';
import { apiEnvironment, SKUS } from './accepting.js';

/** The case's name in a report. */
export const SPANS = 'where one order’s time goes';
const CONNECTIONS = 64;
const LOADS = 4;

/**
 * The way of one order through the API's process, in its order, each step with its code. A step comes before another whose code
 * its own may lie beneath: frames are looked up from the innermost outwards.
 */
const STEPS: readonly Step[] = [
  {
    name: 'connection and HTTP (Node)',
    code: ['node:_http', 'node:net', 'node:internal/http', 'node:internal/stream_base'],
  },
  {
    name: 'Express, helmet, request id',
    code: ['/express/', '/router/', '/helmet/', '/api/createApi', '/api/http/dispatcher'],
  },
  {
    name: 'body read and checked',
    code: ['/api/http/body', '/api/http/strictJson', '/api/schema/', '/api/http/parameters', '/api/http/prefer'],
  },
  {
    name: 'ids and hashes of the request',
    code: [
      '/commands/order/requestIdentity',
      '/kernel/canonicalJson',
      '/commands/identity',
      '/kernel/ids',
      '/uuid/',
      '/kernel/orderNumber',
    ],
  },
  {
    name: 'prices',
    code: [
      '/domain/pricing/',
      '/projections/catalogue/',
      '/commands/order/placeOrder',
      '/commands/order/rememberedClaims',
      '/kernel/money',
    ],
  },
  {
    name: 'decided, evolved, encoded as events',
    code: ['/commands/executor/', '/commands/order/', '/domain/order/', '/domain/kernel/', '/cockatiel/'],
  },
  {
    name: 'append written, its answer read',
    code: [
      '/infrastructure/eventstore/appends',
      '/infrastructure/eventstore/batchMessages',
      '/infrastructure/eventstore/connection',
    ],
  },
  {
    name: 'answer represented and written',
    code: ['/domain/order/view', '/domain/order/shown', '/api/http/send', '/api/http/singles', '/api/routes/'],
  },
  {
    name: 'following the log for the catalogue',
    code: [
      '/subscriptions/',
      '/infrastructure/eventstore/feed',
      '/infrastructure/eventstore/readMessages',
      '/infrastructure/eventstore/readCall',
    ],
  },
  {
    name: 'gRPC and HTTP/2 beneath both',
    code: ['/@grpc/', '/google-protobuf/', '/protobufjs/', 'node:internal/http2', '/db-client/'],
  },
  { name: 'garbage collection', code: ['(garbage collector)'] },
];

/** Where the processor time of one accepted order goes: a processor profile of the API under load, by the steps of the way. */
async function spans(bench: Bench): Promise<readonly Figure[]> {
  const world = await startWorld(await bench.postgres(), (eventStore) => openShop(eventStore, SKUS));
  bench.atEnd(() => world.stop());
  const folder = await bench.folder();
  const api = await bench.server(own('servers/api.js'), [], {
    env: apiEnvironment(world.eventStoreUrl, world.postgresUrl),
    nodeOptions: ['--cpu-prof', '--cpu-prof-interval=500', `--cpu-prof-dir=${folder}`],
    ready: /^READY/,
  });
  const traffic = { kind: 'place', lines: 1, skus: SKUS } as const;
  bench.options.progress(SPANS);
  // the first makes the code warm
  await bench.load({ url: api.line, connections: CONNECTIONS, traffic });
  const alone = await bench.load({ url: api.line, connections: 1, traffic });
  let answers = 0;
  const before = processorTime(api.pid);
  const from = performance.now();
  for (let load = 1; load <= LOADS; load += 1) {
    answers += (await bench.load({ url: api.line, connections: CONNECTIONS, traffic })).answers;
  }
  const perOrder = (processorTime(api.pid) - before) / answers;
  const lasted = performance.now() - from;
  await api.stop();
  const [file] = await readdir(folder);
  if (file === undefined) throw new Error('the API left no profile behind');
  const byStep = shares(JSON.parse(await readFile(join(folder, file), 'utf8')), STEPS, lasted);
  return [
    figure(SPANS, 'one order alone, from request to answer', 'µs', [{ value: 1e6 / alone.perSecond }]),
    figure(SPANS, `processor time of the API for an order, ${CONNECTIONS} connections`, 'µs', [{ value: perOrder }]),
    ...[...byStep].map(([step, share]) => ({
      ...figure(SPANS, step, 'µs', [{ value: share * perOrder }]),
      note: `${(share * 100).toFixed(0)} %`,
    })),
  ];
}

export const spanCases: readonly Case[] = [
  { name: 'spans', summary: 'where the processor time of one accepted order goes, in µs a step', run: spans },
];
