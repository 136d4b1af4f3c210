/** The load generator: autocannon, in a process of its own that stays warm from run to run. */
import { randomUUID } from 'node:crypto';
import autocannon from 'autocannon';
import { serveJobs } from '../harness/child.js';
import { type LoadJob, type LoadResult, orderBodies, type Traffic } from './requests.js';

/**
 * A run is counted from the moment on when there were as many answers as there are connections, and goes on until as many again
 * have come, even when its seconds are over: a window in which a slow machine answers nobody would say nothing.
 */
const AT_LEAST_A_CONNECTION = 1;
const LONGEST_S = 90;
const LOOK_EVERY_MS = 20;

/**
 * At a rate, autocannon sends the share of a second at its beginning, all at once. So many of it, each beginning a little later,
 * spread it over the second, as customers do.
 */
const SPREAD_OVER = 20;

type Build = (request: autocannon.Request) => autocannon.Request;

/** Makes the next request, whatever generator asks for it. */
function builderOf(traffic: Traffic): { readonly first: autocannon.Request; readonly build: Build } {
  let next = 0;
  if (traffic.kind === 'get') {
    const { paths } = traffic;
    return {
      first: { method: 'GET' },
      build: (request) => ({ ...request, path: paths[(next += 1) % paths.length] ?? '/' }),
    };
  }
  const bodies = orderBodies(traffic.lines, traffic.skus);
  const run = randomUUID();
  const headers = {
    'content-type': 'application/json',
    ...(traffic.prefer === undefined ? {} : { prefer: traffic.prefer }),
  };
  return {
    first: { method: 'POST', path: '/v1/orders' },
    build: (request) => {
      const number = traffic.keys === 'one' ? 0 : (next += 1);
      const key = traffic.keys === 'one' ? 'the-same-request' : `${run}-${number}`;
      return {
        ...request,
        body: bodies[number % bodies.length] ?? '',
        headers: { ...headers, 'idempotency-key': key },
      };
    },
  };
}

const describe = (status: number, body: string): string => `${status} ${body.slice(0, 1_000)}`;
const pause = (ms: number): Promise<void> => new Promise((resume) => setTimeout(resume, ms));

/** What all generators of a run saw. */
class Tally {
  answers = 0;
  /** The first answer that is no good one, or what became of the connection. */
  trouble: string | undefined;

  answered(status: number, body: string): void {
    if (status >= 200 && status < 300) this.answers += 1;
    else this.trouble ??= describe(status, body);
  }

  failed(error: unknown): void {
    this.trouble ??= String(error);
  }

  /** @throws when anything but good answers came */
  mustBeGood(url: LoadJob['url']): void {
    if (this.trouble === undefined) return;
    throw new Error(`${String(url)}: after ${this.answers} good answers came this: ${this.trouble}`);
  }
}

interface Generator {
  readonly stop: () => void;
  readonly result: Promise<autocannon.Result>;
}

function generate(tally: Tally, job: LoadJob, build: Build, first: autocannon.Request): Generator {
  const { url, connections, rate } = job;
  let stop = (): void => undefined;
  const result = new Promise<autocannon.Result>((resolve, reject) => {
    const instance = autocannon(
      {
        // it takes several, its types do not say so
        url: url as string,
        connections,
        duration: 2 * LONGEST_S,
        timeout: 2 * LONGEST_S,
        // also how often it looks whether it shall stop
        sampleInt: LOOK_EVERY_MS,
        requests: [{ ...first, setupRequest: build, onResponse: (status, body) => tally.answered(status, body) }],
        ...(rate === undefined ? {} : { overallRate: rate }),
      },
      (error: unknown, done: autocannon.Result) => {
        if (error instanceof Error) reject(error);
        else resolve(done);
      },
    );
    instance.on('reqError', (error) => tally.failed(error));
    stop = () => instance.stop();
  });
  return { stop, result };
}

/** Loads until the run has its seconds and its answers; for answers a second. */
async function load(job: LoadJob): Promise<LoadResult> {
  const tally = new Tally();
  const { first, build } = builderOf(job.traffic);
  const began = performance.now();
  const generator = generate(tally, job, build, first);
  let counted: { readonly from: number; readonly already: number } | undefined;
  const enough = (): boolean => {
    const now = performance.now();
    if (!counted && tally.answers >= job.connections) counted = { from: now, already: tally.answers };
    if (!counted || now - counted.from < job.seconds * 1_000) return false;
    return tally.answers - counted.already >= AT_LEAST_A_CONNECTION * job.connections;
  };
  while (!enough() && tally.trouble === undefined && performance.now() - began < LONGEST_S * 1_000) {
    await pause(LOOK_EVERY_MS);
  }
  const until = performance.now();
  const { answers } = tally;
  generator.stop();
  const { latency } = await generator.result;
  tally.mustBeGood(job.url);
  if (!counted || answers - counted.already < AT_LEAST_A_CONNECTION * job.connections) {
    throw new Error(
      `${String(job.url)}: only ${answers} answers over ${job.connections} connections within ${LONGEST_S} s, too few to tell a rate`,
    );
  }
  return {
    perSecond: (answers - counted.already) / ((until - counted.from) / 1_000),
    answers,
    p50: latency.p50,
    p99: latency.p99,
  };
}

/** Loads at a rate, spread over each second, for the seconds of the job. */
async function loadEvenly(job: LoadJob, rate: number): Promise<LoadResult> {
  const tally = new Tally();
  const { first, build } = builderOf(job.traffic);
  const generators: Generator[] = [];
  const many = Math.min(SPREAD_OVER, rate);
  const began = performance.now();
  for (let number = 0; number < many; number += 1) {
    const share = Math.floor(rate / many) + (number < rate % many ? 1 : 0);
    const connections = Math.min(share, Math.ceil(job.connections / many));
    generators.push(generate(tally, { ...job, connections, rate: share }, build, first));
    await pause(1_000 / many);
  }
  const left = (): number => job.seconds * 1_000 - (performance.now() - began);
  while (left() > 0 && tally.trouble === undefined) await pause(Math.min(LOOK_EVERY_MS, left()));
  const lasted = (performance.now() - began) / 1_000;
  const { answers } = tally;
  for (const { stop } of generators) stop();
  const results = await Promise.all(generators.map(({ result }) => result));
  tally.mustBeGood(job.url);
  if (answers === 0)
    throw new Error(`${String(job.url)}: no answer at all in ${job.seconds} s at ${rate} requests a second`);
  return {
    perSecond: answers / lasted,
    answers,
    p50: Math.max(...results.map(({ latency }) => latency.p50)),
    p99: Math.max(...results.map(({ latency }) => latency.p99)),
  };
}

serveJobs<LoadJob, LoadResult>((job) => (job.rate === undefined ? load(job) : loadEvenly(job, job.rate)));
