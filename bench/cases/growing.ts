import type { Bench, Case } from '../bench.js';
import { own } from '../bench.js';
import { figure } from '../harness/contest.js';
import type { Figure, Goal } from '../harness/figure.js';
import { median } from '../harness/statistics.js';
import { startWorld, type World } from '../harness/world.js';
import type { FillJob } from '../load/filler.js';
import type { Traffic } from '../load/requests.js';
import { openShop } from '../shop/seed.js';
import { apiEnvironment, BARE, sampleOf, SKUS } from './accepting.js';

const SMALLEST = 10_000;
const CONNECTIONS = 64;
const RESTARTS = 3;
const FLAT: Goal = { text: 'flat (± 10 %)', least: 0.9, most: 1.1 };
const traffic: Traffic = { kind: 'place', lines: 1, skus: SKUS };

/** A shop whose log grows while its API runs. */
interface Growing {
  readonly world: World;
  readonly api: { readonly line: string; readonly pid: number };
  /** Brings the log to so many events, at least. */
  readonly growTo: (events: number) => Promise<void>;
}

const growing = (bench: Bench): Promise<Growing> =>
  bench.once('a shop whose log grows', async () => {
    const world = await startWorld(await bench.postgres());
    bench.atEnd(() => world.stop());
    await openShop(world.eventStoreUrl, SKUS);
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

/** Ten thousand, ten times as many, and so on, up to the number that the run was asked for. */
function sizesUpTo(most: number): readonly number[] {
  const sizes: number[] = [];
  for (let size = SMALLEST; size < most; size *= 10) sizes.push(size);
  return [...sizes, most];
}

const named = (events: number): string => `${events.toLocaleString('en-US')} events`;

/** Cost of accepting an order as the log grows: rounds at each length, beside bare Express in the same round. */
async function byLogSize(bench: Bench): Promise<readonly Figure[]> {
  const { world, api, growTo } = await growing(bench);
  const { express } = await bench.bare('a growing log', await sampleOf(api.line, 1));
  const takenAt = async (size: number): Promise<readonly Figure[]> => {
    await growTo(size);
    return await bench.contest(`accepting, log of ${named(size)}`, '1/s', [
      bench.loaded(
        'Comanda',
        { url: api.line, connections: CONNECTIONS, traffic },
        { against: [{ to: BARE }], processes: { Comanda: api.pid, node: world.nodePid } },
      ),
      bench.loaded(BARE, { url: express.line, connections: CONNECTIONS, traffic }),
    ]);
  };
  // thrown away: a program that has just begun takes half as long again for an order, which would flatter what comes later
  await takenAt(SMALLEST);
  const figures: Figure[] = [];
  for (const size of sizesUpTo(bench.options.logEvents)) figures.push(...(await takenAt(size)));
  return [...figures, ...growthOf(figures)];
}

/** What an order costs on the longest log against the shortest: by processor time, and by the ratio to bare Express. */
function growthOf(figures: readonly Figure[]): readonly Figure[] {
  const own = figures.filter(({ what }) => what === 'Comanda');
  const [first, last] = [own[0], own.at(-1)];
  if (!first || !last || first === last) return [];
  const cost = (of: Figure): number => Object.values(of.processor ?? {}).reduce((sum, us) => sum + us, 0);
  const ratio = (of: Figure): number => of.comparisons[0]?.ratio ?? Number.NaN;
  const name = `accepting, ${last.case.slice('accepting, '.length)} against the shortest`;
  return [
    { ...figure(name, 'processor time of an order', 'times', [{ value: cost(last) / cost(first) }]), goal: FLAT },
    figure(name, `throughput, each taken beside ${BARE}`, 'times', [{ value: ratio(last) / ratio(first) }]),
  ];
}

/** How long a node and an API need to serve again, on a log of that length. */
async function restart(bench: Bench): Promise<readonly Figure[]> {
  const { world, growTo } = await growing(bench);
  const name = `restart, log of ${named(bench.options.logEvents)}`;
  await growTo(bench.options.logEvents);
  const nodes: number[] = [];
  const apis: number[] = [];
  for (let round = 1; round <= RESTARTS; round += 1) {
    bench.options.progress(`${name}: round ${round} of ${RESTARTS}`);
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
      note: `the longest ${median([Math.max(...nodes)]).toFixed(0)} ms`,
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
