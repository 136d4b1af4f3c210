import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Server, startServer, startWorker, type Worker } from './harness/child.js';
import { contest, type Contender } from './harness/contest.js';
import type { Figure } from './harness/figure.js';
import { processorTime } from './harness/processorTime.js';
import { type Postgres, startPostgres } from './harness/world.js';
import type { LoadJob, LoadResult } from './load/requests.js';

export interface BenchOptions {
  readonly rounds: number;
  /** Seconds of one run of a load. */
  readonly seconds: number;
  /** Orders whose histories are caught up with, and read from. */
  readonly orders: number;
  /** The same where a case is long. */
  readonly manyOrders: number;
  /** How long a log grows in the cases that look at that. */
  readonly logEvents: number;
  readonly soakMinutes: number;
  readonly progress: (text: string) => void;
}

/** The compiled file of the bench at this path. */
export const own = (path: string): string => join(import.meta.dirname, path);
/** Comanda's own program. */
export const COMANDA = new URL('../../bin/comanda.js', import.meta.url).pathname;
export const EMMETT = new URL('../emmett/dist/server.js', import.meta.url).pathname;

/** Runs that warming up is as long as: after one alone the first round of some was a third of their last. */
const WARM_RUNS = 3;

/** What all cases of a run share: begun when first asked for, ended together. */
export class Bench {
  private readonly endings: (() => Promise<void>)[] = [];
  private readonly begun = new Map<string, Promise<unknown>>();
  private beginning = 0;
  private preparedMs = 0;
  /** Kinds of load that somebody has borne before, so that it is warm. */
  private readonly warm = new Set<string>();

  constructor(readonly options: BenchOptions) {}

  /** The thing of that name, made once. */
  once<T>(name: string, make: () => Promise<T>): Promise<T> {
    const known = this.begun.get(name) as Promise<T> | undefined;
    if (known) return known;
    this.options.progress(`preparing ${name}`);
    const from = performance.now();
    this.beginning += 1;
    const making = make().finally(() => {
      this.beginning -= 1;
      // what another preparation waited for is in its time already
      if (this.beginning === 0) this.preparedMs += performance.now() - from;
    });
    this.begun.set(name, making);
    return making;
  }

  /** How long everything took so far that was prepared and not measured. */
  get preparedSeconds(): number {
    return this.preparedMs / 1_000;
  }

  /** Ends something when the run is over; the last that began ends first. */
  atEnd(end: () => Promise<void>): void {
    this.endings.push(end);
  }

  async close(): Promise<void> {
    for (const end of this.endings.reverse()) {
      await end().catch((error: unknown) => console.error('something did not end as it should:', error));
    }
  }

  postgres(): Promise<Postgres> {
    return this.once('PostgreSQL', async () => {
      const postgres = await startPostgres();
      this.atEnd(() => postgres.stop());
      return postgres;
    });
  }

  worker(script: string): Promise<Worker> {
    return this.once(script, () => {
      const worker = startWorker(own(script));
      this.atEnd(() => worker.stop());
      return Promise.resolve(worker);
    });
  }

  async server(...[script, args, options]: Parameters<typeof startServer>): Promise<Server> {
    const server = await startServer(script, args, options);
    this.atEnd(() => server.stop());
    return server;
  }

  /** A folder that is gone at the end. */
  async folder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'comanda-bench-'));
    this.atEnd(() => rm(folder, { recursive: true, force: true }));
    return folder;
  }

  /** Bare servers that answer a JSON: Express, and Node alone. */
  bare(name: string, answer: unknown): Promise<{ readonly express: Server; readonly http: Server }> {
    return this.once(`bare servers for ${name}`, async () => {
      const file = join(await this.folder(), 'answer.json');
      await writeFile(file, JSON.stringify(answer));
      const express = await this.server(own('servers/bareExpress.js'), [file]);
      return { express, http: await this.server(own('servers/bareHttp.js'), [file]) };
    });
  }

  async load(job: Omit<LoadJob, 'seconds'> & { readonly seconds?: number }): Promise<LoadResult> {
    const loader = await this.worker('load/loader.js');
    return await loader.do<LoadResult>({ seconds: this.options.seconds, ...job });
  }

  /**
   * A contender that is driven by the load generator: requests a second, and how much processor time the named processes
   * used for each answer.
   */
  loaded(
    what: string,
    job: Omit<LoadJob, 'seconds'> & { readonly seconds?: number },
    { processes = {}, ...more }: Partial<Contender> & { readonly processes?: Readonly<Record<string, number>> } = {},
  ): Contender {
    const kind = kindOf(job);
    return {
      what,
      run: async () => {
        const used = Object.entries(processes).map(([name, pid]) => ({ name, pid, before: processorTime(pid) }));
        const { perSecond, p99, answers } = await this.load(job);
        const processor = used.map(({ name, pid, before }) => [name, (processorTime(pid) - before) / answers] as const);
        return { value: perSecond, p99, ...(used.length > 0 ? { processor: Object.fromEntries(processor) } : {}) };
      },
      warmUp: async () => {
        if (this.warm.has(kind)) return;
        await this.load({ ...job, seconds: WARM_RUNS * (job.seconds ?? this.options.seconds) });
        this.warm.add(kind);
      },
      ...more,
    };
  }

  contest(name: string, unit: string, contenders: readonly Contender[]): Promise<Figure[]> {
    const { rounds, progress } = this.options;
    return contest({ case: name, unit, rounds, contenders, progress });
  }
}

/** Loads alike: the same servers asked for the same, however many clients there are and whatever they order. */
function kindOf({ url, traffic }: Omit<LoadJob, 'seconds'>): string {
  const asked =
    traffic.kind === 'get' ? traffic.paths.slice(0, 1) : [traffic.lines, traffic.prefer ?? '', traffic.keys ?? ''];
  return JSON.stringify([url, traffic.kind, asked]);
}

/** A port that nobody has just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A case: what it measures, and how. */
export interface Case {
  readonly name: string;
  readonly summary: string;
  /** Only with `--long`. */
  readonly long?: boolean;
  readonly run: (bench: Bench) => Promise<readonly Figure[]>;
}
