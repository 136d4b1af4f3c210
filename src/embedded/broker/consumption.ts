import { ExponentialBackoff, handleWhen, retry } from 'cockatiel';
import * as E from 'fp-ts/lib/Either.js';
import { decodeCloudEvent } from '../../consumers/contracts/cloudEvent.js';
import type { DeliveryPolicy, Settlement } from '../../consumers/ports/deliveryPolicy.js';
import { isSystemFault } from '../../consumers/ports/faults.js';
import type { Consumption } from '../../consumers/ports/messageConsumer.js';
import { acknowledger } from './acknowledger.js';
import type { Doorbell } from './doorbell.js';
import type { Jobs, TakenJob } from './jobs.js';
import { deadQueueOf } from './names.js';

export interface ConsumptionOptions {
  readonly queue: string;
  readonly prefetch: number;
  readonly jobs: Jobs;
  readonly policy: DeliveryPolicy;
  /** Rung when somebody has put a job into the queue. */
  readonly bell: Doorbell;
  /** A job over which the program died this often is given up: it may be what kills it. */
  readonly crashLimit: number;
  /** Ids of the queue's jobs that consumptions of this program have; shared by all that consume the queue. */
  readonly taken: Set<string>;
  /** Hears what went wrong with the queue itself; the job in question comes again. */
  readonly onFault: (error: unknown) => void;
}

/** Jobs that another program inserted (an operator's retry) are found this late at most. */
const LOOK_EVERY_MS = 1_000;
/** A statement of a killed program may still go through after we have begun, so what nobody has is looked for again. */
const RECLAIM_EVERY_MS = 5_000;
/** Jobs taken beyond those being handled, so that one fetch serves many. */
const AHEAD = 64;

// the database may be away for a while; nothing is lost, so try for ever
const persistent = retry(handleWhen(isSystemFault), {
  backoff: new ExponentialBackoff({ initialDelay: 100, maxDelay: 5_000 }),
});

/** Begins to work a queue: takes jobs in batches, settles `prefetch` of them at a time by the policy, and takes again. */
export const startConsumption = (options: ConsumptionOptions): Consumption => {
  const { queue, prefetch, jobs, policy, bell, taken } = options;
  const handling = new Map<string, Promise<void>>();
  let ahead: TakenJob[] = [];
  /** Whether the queue may hold jobs that are not taken yet. */
  let more = true;
  let period = new AbortController();
  let stopped: Promise<void> | undefined;

  /** Until it succeeds; after a stop once more at most. Jobs for which it failed are reclaimed later. */
  const release = async (ids: readonly string[], write: () => Promise<void>): Promise<void> => {
    await persistent.execute(write, period.signal).catch(options.onFault);
    for (const id of ids) taken.delete(id);
  };
  const acknowledgements = acknowledger((ids) => release(ids, () => jobs.remove(queue, ids)));

  const apply = async (job: TakenJob, settlement: Settlement): Promise<void> => {
    const { body, attempt } = job.data;
    switch (settlement._tag) {
      case 'Acknowledge':
        acknowledgements.done(job.id);
        return;
      case 'RetryLater': {
        const next = { queue, data: { body, attempt: attempt + 1 }, delayMs: settlement.delayMs };
        await release([job.id], () => jobs.replace(queue, job.id, next));
        // the database's clock decides; if it is a little behind ours, the next regular look finds the job
        setTimeout(() => {
          bell.ring();
        }, settlement.delayMs + 5).unref();
        return;
      }
      case 'DeadLetter': {
        const dead = { id: idOf(body) ?? job.id, reason: settlement.reason, at: new Date().toISOString() };
        const next = { queue: deadQueueOf(queue), data: { body, attempt, dead } };
        return await release([job.id], () => jobs.replace(queue, job.id, next));
      }
      case 'GiveBack':
        return await release([job.id], () => jobs.giveBack(queue, [job.id]));
    }
  };

  const work = async (job: TakenJob, signal: AbortSignal): Promise<void> => {
    await apply(job, await settle(job, signal));
  };

  const settle = async (job: TakenJob, signal: AbortSignal): Promise<Settlement> => {
    if (job.crashes >= options.crashLimit) {
      return { _tag: 'DeadLetter', reason: `the program died ${job.crashes} times while it had this message` };
    }
    const message = decodeCloudEvent(job.data.body);
    if (E.isLeft(message)) return { _tag: 'DeadLetter', reason: message.left };
    return await policy.settle({ message: message.right, attempt: job.data.attempt }, signal);
  };

  const dispatch = (signal: AbortSignal): void => {
    while (!signal.aborted && handling.size < prefetch) {
      const job = ahead.shift();
      if (job === undefined) return;
      const working = work(job, signal).finally(() => {
        handling.delete(job.id);
        dispatch(signal);
        if (more && ahead.length <= AHEAD / 2) bell.ring();
      });
      handling.set(job.id, working);
    }
  };

  const take = async (signal: AbortSignal): Promise<boolean> => {
    const limit = AHEAD - ahead.length + prefetch - handling.size;
    const found = await persistent.execute(() => jobs.fetch(queue, limit), signal);
    for (const { id } of found) taken.add(id);
    ahead.push(...found);
    dispatch(signal);
    return found.length === limit;
  };

  const reclaim = async (): Promise<void> => {
    await jobs.reclaim(queue, [...taken], RECLAIM_EVERY_MS).catch(options.onFault);
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    let reclaimedAt = performance.now();
    while (!signal.aborted) {
      bell.listen();
      const room = ahead.length <= AHEAD / 2;
      more = room ? await take(signal).catch((error: unknown) => (options.onFault(error), false)) : true;
      if (performance.now() - reclaimedAt > RECLAIM_EVERY_MS) {
        reclaimedAt = performance.now();
        await reclaim();
      }
      if (!more || ahead.length > AHEAD / 2) await bell.wait(LOOK_EVERY_MS);
    }
    const unused = ahead.map(({ id }) => id);
    ahead = [];
    if (unused.length > 0) await release(unused, () => jobs.giveBack(queue, unused));
    await Promise.all(handling.values());
    await acknowledgements.flushed();
  };

  let running = run(period.signal);
  const pause = async (): Promise<void> => {
    period.abort();
    bell.ring();
    await running;
  };
  return {
    pause,
    resume: () => {
      if (!period.signal.aborted || stopped !== undefined) return;
      period = new AbortController();
      const { signal } = period;
      running = running.then(() => run(signal));
    },
    stop: () => (stopped ??= pause()),
  };
};

const idOf = (body: string): string | undefined => {
  const message = decodeCloudEvent(body);
  return E.isRight(message) ? message.right.id : undefined;
};
