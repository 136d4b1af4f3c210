import {
  AppendOutcomeUnknown,
  type EventStore,
  StoreUnavailable,
  WrongExpectedRevision,
} from '../../../src/commands/ports/eventStore.js';
import type { StoredEvent } from '../../../src/domain/kernel/storedEvent.js';
import { type EventFeed, FeedDropped, type FeedMessage } from '../../../src/subscriptions/ports/eventFeed.js';
import type { Faults } from '../faults/faults.js';
import type { Host } from '../kernel/host.js';
import type { Network } from '../kernel/network.js';
import type { Random } from '../kernel/random.js';
import type { EventLog } from './eventLog.js';

export interface StoreParts {
  readonly log: EventLog;
  readonly network: Network;
  readonly faults: Faults;
  /** For what the feed does. */
  readonly random: Random;
}

const unavailable = (): Error => new StoreUnavailable('the store does not answer');

/** The event store as one process reaches it: appends and reads. */
export const eventStoreFor = (host: Host, { log, network }: StoreParts): EventStore => ({
  append: (stream, events, expected) =>
    network.call(host, {
      service: 'store',
      label: network.trace.kept
        ? `append ${events.map(({ type }) => type).join('+')} to ${stream} @${expected}`
        : 'append',
      failures: { unavailable, unknown: () => new AppendOutcomeUnknown('no answer to an append') },
      serve: (reply) => {
        try {
          reply.answer(log.append(stream, events, expected));
        } catch (error) {
          if (!(error instanceof WrongExpectedRevision)) throw error;
          reply.fail(error);
        }
      },
    }),
  read: async function* (stream, { fromRevision = 0, maxCount = Number.MAX_SAFE_INTEGER } = {}) {
    const page = await network.call<readonly StoredEvent[]>(host, {
      service: 'store',
      label: network.trace.kept ? `read ${stream} from ${fromRevision}` : 'read',
      failures: { unavailable },
      serve: (reply) => reply.answer(log.stream(stream).slice(fromRevision, fromRevision + maxCount)),
    });
    yield* page;
  },
});

/** How many events a delivery of the feed brings at most. */
const MOST_AT_ONCE = 6;

/** `$all` as one process subscribes to it. */
export const eventFeedFor = (host: Host, { log, network, faults, random }: StoreParts): EventFeed => {
  const waiting = new Set<() => void>();
  const { life } = host;
  log.onAppended(() => {
    if (waiting.size === 0 || host.life !== life) return;
    const awake = [...waiting];
    waiting.clear();
    for (const wake of awake) network.scheduler.schedule(host, network.latency(), 'feed', wake);
  });
  async function* subscribe(after: bigint | null, signal: AbortSignal): AsyncIterable<FeedMessage> {
    let next = await network.call<number>(host, {
      service: 'store',
      label: 'subscribe',
      failures: { unavailable },
      serve: (reply) => reply.answer(log.indexAfter(after)),
    });
    let live = false;
    let wake = (): void => undefined;
    signal.addEventListener('abort', () => wake(), { once: true });
    /** Resolves when `begin` says so, or when the subscription is to end. */
    const waited = (begin: (done: () => void) => void): Promise<void> =>
      new Promise((resolve) => {
        wake = resolve;
        if (signal.aborted) resolve();
        else begin(resolve);
      });
    while (!signal.aborted) {
      if (faults.happens('feedCut')) throw random.chance(0.5) ? new FeedDropped('too slow') : unavailable();
      if (faults.happens('feedSilent')) await waited(() => undefined);
      const found = log.all.slice(next, next + random.between(1, MOST_AT_ONCE));
      next += found.length;
      for (const event of found) yield { kind: 'event', event };
      if (found.length > 0) {
        // what comes next comes in another step, unless there is nothing more
        if (next < log.all.length)
          await waited((done) => network.scheduler.schedule(host, network.latency(), 'feed', done));
      } else if (!live) {
        live = true;
        yield { kind: 'caughtUp' };
      } else await waited((done) => waiting.add(done));
    }
  }
  return {
    subscribe,
    head: () =>
      network.call<bigint | null>(host, {
        service: 'store',
        label: 'head',
        failures: { unavailable },
        serve: (reply) => reply.answer(log.head),
      }),
  };
};
