import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Check } from './checks/check.js';
import { followLog, type Following } from './checks/history.js';
import { checkKitchen } from './checks/kitchen.js';
import { checkLeftovers } from './checks/leftovers.js';
import { ledgerOf, sessionsOf } from './checks/ledger.js';
import { checkLog } from './checks/log.js';
import { checkMessages } from './checks/messages.js';
import { checkMoney } from './checks/money.js';
import { checkFinished, checkOrders, checkRepeats, checkShownOrders } from './checks/orders.js';
import { untilAtRest } from './checks/rest.js';
import { checkStock } from './checks/stock.js';
import { checkVerified } from './checks/verify.js';
import { Client } from './load/client.js';
import type { Visited } from './load/customer.js';
import { fillShelf, type Load, startLoad } from './load/load.js';
import { planCustomers } from './plan/customers.js';
import { type Fault, planFaults } from './plan/faults.js';
import { randomOf } from './plan/random.js';
import type { Report } from './report.js';
import { driveFaults, type FaultDriver } from './system/faultDriver.js';
import { allUp, install, type Installation, type Preload } from './system/installation.js';

export interface RunOptions {
  readonly seed: string;
  /** How long customers come and faults happen. */
  readonly minutes: number;
  /** Customers a second, on average. */
  readonly perSecond: number;
  /** Where the logs of the processes, the messages and the plan of faults are kept. */
  readonly folder: string;
  /** Instead of those that the seed leads to. */
  readonly faults?: readonly Fault[];
  /** A module that processes of a role load before they start: a fault that is planted, to see whether it is found. */
  readonly preload?: Preload;
  /** How long a customer waits for a link to pay at, and the run for everything to come to rest. */
  readonly patience?: { readonly customerMs: number; readonly restMs: number };
  /** Ends the run at once. */
  readonly signal?: AbortSignal;
  /** Told how far the run has come. */
  readonly progress?: (progress: Progress) => void;
}

export interface Progress {
  readonly phase: 'starting' | 'under load' | 'last customers' | 'coming to rest' | 'checking';
  /** Of the load, in milliseconds. */
  readonly elapsedMs: number;
  readonly customers: number;
  readonly faults: number;
  /** While it comes to rest: what has not. */
  readonly waitsFor: string;
}

const UP_WITHIN_MS = 240_000;
const PATIENCE = { customerMs: 300_000, restMs: 6 * 60_000 };
const REPEATED_REQUESTS = 200;
const TELL_EVERY_MS = 500;

/** Runs the whole of it: start, load and faults, rest, checks. Rejects only when the run itself cannot be carried out. */
export async function run(options: RunOptions): Promise<Report> {
  const { seed, minutes, perSecond, folder, preload = {}, patience = PATIENCE } = options;
  const lengthMs = minutes * 60_000;
  const faults = options.faults ?? planFaults(seed, lengthMs);
  const customers = planCustomers(seed, lengthMs, perSecond);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'faults.json'), JSON.stringify(faults, null, 1));
  const startedAt = new Date().toISOString();
  const stopwatch = laps();
  const tell = (
    phase: Progress['phase'],
    load?: Load,
    driver?: FaultDriver,
    began = performance.now(),
    waitsFor = '',
  ): void =>
    options.progress?.({
      phase,
      waitsFor,
      elapsedMs: performance.now() - began,
      customers: load?.progress.through ?? 0,
      faults: driver?.tally.done.length ?? 0,
    });

  tell('starting');
  const signal = options.signal ?? new AbortController().signal;
  // whoever still waits for an answer when all is told goes home: nobody is there any more to give it
  const over = new AbortController();
  const installation = await install(seed, folder, preload);
  let following: Following | undefined;
  try {
    following = followLog(installation.eventStoreUrl);
    const calm: Client = new Client(
      installation.apiUrls,
      randomOf(seed, 'calm client'),
      { requests: 0, lost: 0, comeBack: 0 },
      signal,
    );
    await fillShelf(calm, customers.length);
    stopwatch.lap('start');

    const load = startLoad(seed, customers, installation, {
      signal: AbortSignal.any([signal, over.signal]),
      patienceMs: patience.customerMs,
    });
    const failed = new AbortController();
    const driver = driveFaults(faults, installation.victims, AbortSignal.any([signal, failed.signal]));
    const began = performance.now();
    const telling = setInterval(() => tell('under load', load, driver, began), TELL_EVERY_MS);
    const failures: string[] = [];
    const told = (error: unknown): void => void failures.push(error instanceof Error ? error.message : String(error));
    const settled = await Promise.allSettled([
      load.customers.catch((error: unknown) => {
        failed.abort();
        throw error;
      }),
      driver.through,
    ]).finally(() => clearInterval(telling));
    signal.throwIfAborted();
    for (const one of settled) if (one.status === 'rejected') told(one.reason);
    const visits: readonly Visited[] = settled[0].status === 'fulfilled' ? settled[0].value : [];
    stopwatch.lap('load and faults');

    tell('coming to rest', load, driver, began);
    const mishaps = await load.calmProvider().catch(() => 0);
    await allUp(installation, UP_WITHIN_MS).catch(told);
    const restless =
      failures.length > 0
        ? []
        : await untilAtRest(installation, following, patience.restMs, (waitsFor) =>
            tell('coming to rest', load, driver, began, waitsFor),
          );
    await load.close().catch(told);
    stopwatch.lap('coming to rest');

    tell('checking', load, driver, began);
    const checks = failures.length > 0 ? [] : await check(installation, following, visits, restless, calm);
    stopwatch.lap('checks');
    return {
      seed,
      minutes,
      perSecond,
      folder,
      startedAt,
      durations: stopwatch.durations,
      tally: driver.tally,
      starts: new Map(installation.processes.map(({ name, starts }) => [name, starts])),
      mishaps,
      traffic: load.traffic,
      webhooks: installation.relay.counts,
      visits,
      events: following.history.events.length,
      messages: installation.witness.seen.size,
      republished: [...installation.witness.seen.values()].reduce((sum, { times }) => sum + times - 1, 0),
      statuses: statusesOf(following),
      failures,
      checks,
    };
  } finally {
    over.abort(new Error('the run is over'));
    await following?.stop();
    await installation.stop();
  }
}

async function check(
  installation: Installation,
  { history }: Following,
  visits: readonly Visited[],
  restless: readonly string[],
  client: Client,
): Promise<readonly Check[]> {
  const { stripe, postgresUrl, witness } = installation;
  const [ledger, sessions] = [await ledgerOf(stripe.url), await sessionsOf(stripe)];
  return [
    { name: 'everything comes to rest by itself', looked: 1, differences: restless },
    ...checkLog(history),
    ...checkOrders(history, visits),
    await checkFinished(history, postgresUrl),
    ...checkMoney(history, ledger, sessions),
    ...checkStock(history),
    ...checkKitchen(history),
    ...(await checkMessages(history, witness)),
    ...(await checkShownOrders(history, client)),
    await checkRepeats(visits, client, REPEATED_REQUESTS),
    ...(await checkLeftovers(installation)),
    await checkVerified(installation),
  ];
}

function statusesOf({ history }: Following): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { state } of history.orders.values()) counts.set(state.status, (counts.get(state.status) ?? 0) + 1);
  return counts;
}

/** Names how long each part took, in milliseconds. */
function laps() {
  const durations = new Map<string, number>();
  let since = performance.now();
  return {
    durations: durations as ReadonlyMap<string, number>,
    lap: (name: string): void => {
      durations.set(name, Math.round(performance.now() - since));
      since = performance.now();
    },
  };
}

/** Removes what a run that passed need not keep. */
export const forget = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });

/** The faults around the end, for whoever looks for what led to a failure. */
export const lastFaults = ({ tally }: Report, count: number): readonly (Fault & { readonly beganMs: number })[] =>
  tally.done.slice(-count);
