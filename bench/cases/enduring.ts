import { type Bench, type Case, own } from '../bench.js';
import { figure } from '../harness/contest.js';
import type { Figure } from '../harness/figure.js';
import { residentMb } from '../harness/processorTime.js';
import { quantile } from '../harness/statistics.js';
import { accepting, apiEnvironment, SKUS } from './accepting.js';
import { MANY_SKUS, waitingClients, whole } from './flowing.js';

const CONNECTIONS = 64;
const API_PROCESSES = [1, 2, 4];
const SAMPLE_EVERY_MS = 5_000;

/** One, two and four API processes on the same node and database, the load spread over them. */
async function apiProcesses(bench: Bench): Promise<readonly Figure[]> {
  const { api, pids, eventStoreUrl, postgresUrl } = await accepting(bench);
  const servers = [{ line: api, pid: pids.api }];
  while (servers.length < Math.max(...API_PROCESSES)) {
    servers.push(
      await bench.server(own('servers/api.js'), [], {
        env: apiEnvironment(eventStoreUrl, postgresUrl),
        ready: /^READY/,
      }),
    );
  }
  const nameOf = (count: number): string => `${count} API process${count === 1 ? '' : 'es'}`;
  return await bench.contest(
    'API processes',
    '1/s',
    API_PROCESSES.map((count) => {
      const some = servers.slice(0, count);
      return bench.loaded(
        nameOf(count),
        {
          url: some.map(({ line }) => line),
          connections: CONNECTIONS,
          traffic: { kind: 'place', lines: 1, skus: SKUS },
        },
        {
          processes: {
            ...Object.fromEntries(some.map(({ pid }, index) => [`API ${index + 1}`, pid])),
            node: pids.node,
          },
          ...(count === 1 ? {} : { against: [{ to: nameOf(1) }] }),
        },
      );
    }),
  );
}

/** A whole Comanda at half of what it sustains for minutes: what memory it takes, and whether that grows. */
async function soak(bench: Bench): Promise<readonly Figure[]> {
  const shop = await whole(bench);
  const { perSecond } = await bench.load(waitingClients(shop.url, MANY_SKUS));
  const rate = Math.max(1, Math.round(perSecond / 2));
  const { soakMinutes } = bench.options;
  const name = `memory over ${soakMinutes} minutes at half load`;
  const watched = { 'Comanda, all roles': shop.pid, 'event store node': shop.nodePid };
  const samples = new Map<string, number[]>(Object.keys(watched).map((what) => [what, []]));
  const sample = (): void => {
    for (const [what, pid] of Object.entries(watched)) samples.get(what)?.push(residentMb(pid));
  };
  const sampling = setInterval(sample, SAMPLE_EVERY_MS);
  const seconds = 60 * soakMinutes;
  bench.options.progress(name);
  try {
    sample();
    await bench.load({
      url: shop.url,
      connections: CONNECTIONS,
      seconds,
      rate,
      traffic: { kind: 'place', lines: 1, skus: MANY_SKUS },
    });
    sample();
  } finally {
    clearInterval(sampling);
  }
  return [...samples].map(([what, all]) => {
    const half = all.slice(Math.floor(all.length / 2));
    const growth = slope(half) * (60_000 / SAMPLE_EVERY_MS);
    return {
      ...figure(
        name,
        what,
        'MB',
        half.map((value) => ({ value })),
      ),
      note: `at ${rate} orders/s; from ${mb(all[0])} to ${mb(all.at(-1))} MB, at most ${mb(quantile(all, 1))}; in the second half ${growth >= 0 ? '+' : ''}${growth.toFixed(2)} MB a minute`,
    };
  });
}

const mb = (value: number | undefined): string => (value ?? Number.NaN).toFixed(0);

/** Of a line through evenly spaced values (least squares): change from one to the next. */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const above = values.reduce((sum, value, index) => sum + (index - middle) * (value - mean), 0);
  return above / values.reduce((sum, _value, index) => sum + (index - middle) ** 2, 0);
}

export const enduringCases: readonly Case[] = [
  { name: 'api-processes', summary: 'one, two and four API processes', long: true, run: apiProcesses },
  { name: 'memory', summary: 'a whole Comanda at half load for minutes', long: true, run: soak },
];
