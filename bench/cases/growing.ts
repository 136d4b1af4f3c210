import type { Bench, Case } from '../bench.js';
import { own } from '../bench.js';
import { type Contender, figure } from '../harness/contest.js';
import type { Figure, Goal } from '../harness/figure.js';
import { startWorld, type World } from '../harness/world.js';
import type { FillJob } from '../load/filler.js';
import type { Traffic } from '../load/requests.js';
import { openShop } from '../shop/seed.js';
import { apiEnvironment, BARE, sampleOf, SKUS } from './accepting.js';

const SMALLEST = 10_000;
const CONNECTIONS = 64;
const FLAT: Goal = { text: 'flat (± 10 %)', least: 0.9, most: 1.1 };
const SHORT = 'Comanda on the shortest log';
const traffic: Traffic = { kind: 'place', lines: 1, skus: SKUS };

/** A shop whose log can be made longer while its API runs. */
interface Growing {
  readonly world: World;
  readonly api: { readonly line: string; readonly pid: number };
  /** Brings the log to so many events, at least. */
  readonly growTo: (events: number) => Promise<void>;
}

/** Shops of one name are one and the same. */
const growing = (bench: Bench, name: string): Promise<Growing> =>
  bench.once(name, async () => {
    const world = await startWorld(await bench.postgres(), (eventStore) => openShop(eventStore, SKUS));
    bench.atEnd(() => world.stop());
    const api = await bench.server(own('servers/api.js'), [], {
      env: apiEnvironment(world.eventStoreUrl, world.postgresUrl),
      ready: /^READY/,
    });
    const filler = await bench.worker('load/filler.js');
    // the shop's own: an offer and a stock item for each article
    let written = 2 * SKUS;
    return {
      world,
      api,
      growTo: async (events) => {
        for (const step = 100_000; written < events;) {
          const some = Math.min(step, events - written);
          bench.options.progress(
            `a log of ${events.toLocaleString('en-US')} events: ${written.toLocaleString('en-US')}`,
          );
          await filler.do<number>({ url: world.eventStoreUrl, events: some } satisfies FillJob);
          written += some;
        }
      },
    };
  });

const LONG_LOG = 'a shop whose log grows';

/** Ten thousand, ten times as many, and so on, up to the number that the run was asked for. */
function sizesUpTo(most: number): readonly number[] {
  const sizes: number[] = [];
  for (let size = SMALLEST; size < most; size *= 10) sizes.push(size);
  return [...sizes, most];
}

const named = (events: number): string => `${events.toLocaleString('en-US')} events`;

/**
 * Cost of accepting an order as the log grows: rounds at each length, and in the same rounds a shop whose log has only the
 * orders that are placed in it, and bare Express.
 */
async function byLogSize(bench: Bench): Promise<readonly Figure[]> {
  const long = await growing(bench, LONG_LOG);
  const short = await growing(bench, 'a shop whose log stays short');
  const { express } = await bench.bare('a growing log', await sampleOf(long.api.line, 1));
  await short.growTo(SMALLEST);
  const load = { connections: CONNECTIONS, traffic };
  const comanda = (what: string, { api, world }: Growing, more: Partial<Contender> = {}): Contender =>
    bench.loaded(what, { ...load, url: api.line }, { ...more, processes: { Comanda: api.pid, node: world.nodePid } });
  const takenAt = async (size: number): Promise<readonly Figure[]> => {
    await long.growTo(size);
    return await bench.contest(`accepting, log of ${named(size)}`, '1/s', [
      comanda('Comanda', long, { against: [{ to: BARE }, { to: SHORT }] }),
      comanda(SHORT, short),
      bench.loaded(BARE, { ...load, url: express.line }),
    ]);
  };
  // thrown away: a program that has just begun takes half as long again for an order
  await takenAt(SMALLEST);
  const figures: Figure[] = [];
  for (const size of sizesUpTo(bench.options.logEvents)) figures.push(...(await takenAt(size)));
  return [...figures, ...growthOf(figures)];
}

/** What an order costs on the longest log against the shortest in the same rounds: by processor time, and by throughput. */
function growthOf(figures: readonly Figure[]): readonly Figure[] {
  const [long, short] = ['Comanda', SHORT].map((name) => figures.findLast(({ what }) => what === name));
  if (!long || !short) return [];
  const cost = (of: Figure): number => Object.values(of.processor ?? {}).reduce((sum, us) => sum + us, 0);
  const throughput = long.comparisons.find(({ to }) => to === SHORT)?.ratio ?? Number.NaN;
  const name = `accepting, ${long.case.slice('accepting, '.length)} against the shortest`;
  return [
    { ...figure(name, 'processor time of an order', 'times', [{ value: cost(long) / cost(short) }]), goal: FLAT },
    figure(name, 'throughput', 'times', [{ value: throughput }]),
  ];
}

/** How long a node and an API need to serve again, on a log of that length. */
async function restart(bench: Bench): Promise<readonly Figure[]> {
  const { world, growTo } = await growing(bench, LONG_LOG);
  const { rounds } = bench.options;
  const name = `restart, log of ${named(bench.options.logEvents)}`;
  await growTo(bench.options.logEvents);
  const nodes: number[] = [];
  const apis: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    bench.options.progress(`${name}: round ${round} of ${rounds}`);
    nodes.push(await world.restartNode());
    const from = performance.now();
    const api = await bench.server(own('servers/api.js'), [], {
      env: apiEnvironment(world.eventStoreUrl, world.postgresUrl),
      ready: /^READY/,
    });
    await sampleOf(api.line, 1);
    apis.push(performance.now() - from);
    await api.stop();
  }
  const values = (times: readonly number[]) => times.map((value) => ({ value }));
  return [
    {
      ...figure(name, 'event store node, until it serves', 'ms', values(nodes)),
      note: `the longest ${Math.max(...nodes).toFixed(0)} ms`,
    },
    figure(name, 'API, from its start to its first order accepted', 'ms', values(apis)),
  ];
}

export const growingCases: readonly Case[] = [
  {
    name: 'log-size',
    summary: 'what an order costs as the log grows from ten thousand events on',
    long: true,
    run: byLogSize,
  },
  { name: 'restart', summary: 'node and API started again on a long log', long: true, run: restart },
];
