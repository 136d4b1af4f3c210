import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../support/until.js';
import type { Installation } from './installation.js';
import { breakDown, type Kind, type Part, restore } from './parts.js';
import type { Answered, Purpose, Requests } from './requests.js';
import type { Shoppers } from './shoppers.js';

/** One outage: what befalls which part, and for how long at least, in milliseconds. */
export interface Outage {
  readonly part: Part;
  readonly kind: Kind;
  readonly forMs: number;
}

/** What was seen of an outage; times in milliseconds. */
export interface Seen extends Outage {
  /** How many commands were answered while it lasted, and how many of them with 503. */
  readonly commands: number;
  readonly refused: number;
  /** The longest that an answer took. */
  readonly slowestMs: number;
  /** Until `/readyz` named the part; undefined where it need not. */
  readonly namedMs: number | undefined;
  /** From the end of the outage until `/readyz` was clean. */
  readonly readyMs: number;
  /** From the end of the outage until everything was done that shoppers had asked for. */
  readonly caughtUpMs: number;
  /** What the process holds in memory afterwards, in MiB. */
  readonly memoryMiB: number;
}

interface Readiness {
  readonly status: 'ready' | 'degraded' | 'not_ready';
  readonly checks: readonly { readonly name: string; readonly ok: boolean }[];
}

/** As slow as a machine may be that does much else. */
const NAMED_WITHIN_MS = 60_000;
const ANSWERED_WITHIN_MS = 120_000;
const READY_WITHIN_MS = 180_000;
const CAUGHT_UP_WITHIN_MS = 300_000;
const LEAST_COMMANDS = 2;
const LOOK_AGAIN_MS = 250;

/** Without these no order can be taken, or nothing can be shown; without the others it only takes longer until something follows. */
const NEEDED: ReadonlySet<Part> = new Set<Part>(['event store', 'postgres']);
/** Whoever asks a part hears nothing: it is named. A slow one answers; one whose connections break may answer now and then. */
const SILENT: ReadonlySet<Kind> = new Set<Kind>(['stopped', 'killed', 'frozen', 'cut', 'lost']);

/**
 * Lets one outage happen while shoppers come, and waits until everything has caught up.
 * @throws Error on whatever must not be: a wrong answer, none, a part that is not named, something that does not catch up
 */
export async function undergo(
  installation: Installation,
  outage: Outage,
  requests: Requests,
  shoppers: Shoppers,
): Promise<Seen> {
  const { part, kind } = outage;
  let over = false;
  const end = async (): Promise<void> => {
    over = true;
    await restore(installation.parts[part], kind);
  };
  try {
    await breakDown(installation.parts[part], kind);
    return await watch(installation, outage, end, requests, shoppers);
  } finally {
    // what is frozen could not even be put away
    if (!over) await end();
  }
}

async function watch(
  { comanda }: Installation,
  { part, kind, forMs }: Outage,
  end: () => Promise<void>,
  requests: Requests,
  shoppers: Shoppers,
): Promise<Seen> {
  const watched = <T>(work: Promise<T>): Promise<T> => Promise.race([work, shoppers.failure]);
  const hit = performance.now();
  const under = (purpose: Purpose): readonly Answered[] =>
    requests.answers.filter((answer) => answer.purpose === purpose && answer.askedAt >= hit);

  let namedMs: number | undefined;
  if (SILENT.has(kind)) {
    await watched(until(`${part} is named`, async () => names(await readiness(comanda.url), part), NAMED_WITHIN_MS));
    namedMs = performance.now() - hit;
  }
  const answered = (): boolean => {
    const commands = under('command');
    if (part === 'event store' && SILENT.has(kind)) return commands.some(({ status }) => status === 503);
    return commands.filter(({ status }) => status < 300).length >= LEAST_COMMANDS;
  };
  await watched(until('commands are answered', answered, ANSWERED_WITHIN_MS));
  await watched(sleep(Math.max(0, hit + forMs - performance.now())));
  const commands = under('command');
  const refused = commands.filter(({ status }) => status === 503);
  if (refused.length > 0 && part !== 'event store')
    throw new Error(`${refused.length} of ${commands.length} commands were turned away`);
  const slowestMs = slowest(requests.answers.filter(({ askedAt }) => askedAt >= hit));

  const ending = performance.now();
  await end();
  const ended = performance.now();
  await watched(
    until('everything answers', async () => (await readiness(comanda.url)).status === 'ready', READY_WITHIN_MS),
  );
  const readyMs = performance.now() - ended;
  const everybody = Promise.all(
    shoppers
      .since(hit)
      .filter(({ cameAt }) => cameAt < ending)
      .map(({ through }) => through),
  );
  await watched(inTime('everything that was asked for is done', everybody, CAUGHT_UP_WITHIN_MS));
  if (comanda.child.exitCode !== null) throw new Error(`Comanda ended: ${comanda.complained()}`);
  return {
    part,
    kind,
    forMs: ending - hit,
    commands: commands.length,
    refused: refused.length,
    slowestMs,
    namedMs,
    readyMs,
    caughtUpMs: performance.now() - ended,
    memoryMiB: memoryOf(comanda.child.pid ?? 0),
  };
}

/** Asked a few times a second at most, for each answer takes a question to every part. */
async function readiness(url: string): Promise<Readiness> {
  await sleep(LOOK_AGAIN_MS);
  return (await (await fetch(`${url}/readyz`)).json()) as Readiness;
}

/** Says that this part is silent, this part alone, and what follows from that. */
function names({ status, checks }: Readiness, part: Part): boolean {
  const silent = checks.filter(({ ok }) => !ok).map(({ name }) => name);
  return silent.length === 1 && silent[0] === part && status === (NEEDED.has(part) ? 'not_ready' : 'degraded');
}

async function inTime<T>(what: string, work: Promise<T>, limitMs: number): Promise<T> {
  const over = new AbortController();
  const late = sleep(limitMs, undefined, { signal: over.signal }).then(
    () => {
      throw new Error(`waited ${limitMs} ms in vain until ${what}`);
    },
    () => new Promise<never>(() => undefined),
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    over.abort();
  }
}

const slowest = (answers: readonly Answered[]): number => Math.max(0, ...answers.map(({ tookMs }) => tookMs));

/** Resident memory; 0 where the system does not tell. */
function memoryOf(pid: number): number {
  try {
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024);
  } catch {
    return 0;
  }
}
