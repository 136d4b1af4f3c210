import { setMaxListeners } from 'node:events';
import { type Checkpoints, checkpoints as checkpointsOf } from './checkpoints.js';
import type { Folds, ListenerDefinition, ProjectionDefinition, ReactorDefinition } from './contract.js';
import { isAfter } from './feed/attachment.js';
import { Cursor } from './feed/cursor.js';
import type { FeedItem } from './feed/feedItem.js';
import { FeedReader, type FeedStatus } from './feed/feedReader.js';
import { Stragglers } from './feed/stragglers.js';
import { FEED_TIMINGS, type FeedTimings } from './feed/timings.js';
import { createFolds } from './folds.js';
import { measureLag, type RunnerLag } from './lag.js';
import type { Database } from './ports/database.js';
import type { EventFeed } from './ports/eventFeed.js';
import type { Log } from './ports/log.js';
import type { StreamReader } from './ports/streamReader.js';
import { ListenerRunner } from './runners/listenerRunner.js';
import { ProjectionRunner } from './runners/projectionRunner.js';
import { ReactorRunner } from './runners/reactorRunner.js';
import type { Runner, RunnerStatus } from './runners/runner.js';
import { RUNNER_TIMINGS, type RunnerTimings } from './runners/timings.js';
import { wishesWaiting } from './parking/wishes.js';
import { pause } from './wait.js';

export interface SubscriptionsOptions {
  readonly feed: EventFeed;
  /** For folding single streams. */
  readonly reader: StreamReader;
  readonly database: Database;
  readonly log: Log;
  /** Names this process in the lease rows: anything that tells it from others, such as host and process id. */
  readonly owner: string;
  /**
   * Nobody else can be running, so a lease that is left over is taken at once: for the single process of the embedded mode,
   * which must not wait for its own killed predecessor. Commits are fenced all the same. Default false.
   */
  readonly takeOver?: boolean;
  readonly feedTimings?: Partial<FeedTimings>;
  readonly runnerTimings?: Partial<RunnerTimings>;
  /** How many streams the folds remember; default as {@link createFolds} has it. */
  readonly rememberedStreams?: number;
}

/** Everything in a process that follows the log, on one feed. */
export interface Subscriptions {
  /** States of streams, advanced by the feed. */
  readonly folds: Folds;
  /** All before `start`; names must differ. */
  addProjection(definition: ProjectionDefinition): void;
  addReactor(definition: ReactorDefinition): void;
  addListener(definition: ListenerDefinition): void;
  /**
   * Asks where everybody stands and begins. Resolves when reading has begun, not when it has caught up.
   * @throws DatabaseUnavailable, and whatever a listener's `from` throws
   */
  start(): Promise<void>;
  /**
   * Resolves when the named runner has handled everything up to a position: at once in this process, by its checkpoint
   * (at most a second behind) where another process owns it. Resolves with false when `signal` aborts first.
   */
  reached(name: string, position: bigint, signal?: AbortSignal): Promise<boolean>;
  status(): { readonly feed: FeedStatus; readonly runners: readonly RunnerStatus[] };
  /** How far every runner of the installation is behind the log, whichever process runs it. Throws DatabaseUnavailable. */
  lag(): Promise<readonly RunnerLag[]>;
  /** Ends everything, lets reactions under way come to their end, writes the checkpoints and gives the leases back. */
  stop(): Promise<void>;
}

const OTHERS_CHECKPOINT_EVERY_MS = 100;

/** Makes the subscriptions of one process; nothing happens before `start`. */
export function createSubscriptions(options: SubscriptionsOptions): Subscriptions {
  const { feed, reader, database, log, owner, takeOver = false } = options;
  const feedTimings = { ...FEED_TIMINGS, ...options.feedTimings };
  const timings = { ...RUNNER_TIMINGS, ...options.runnerTimings };
  const checkpoints: Checkpoints = checkpointsOf(database);
  const folds = createFolds({
    reader,
    ...(options.rememberedStreams === undefined ? {} : { maxStreams: options.rememberedStreams }),
  });
  const stopping = new AbortController();
  // every runner listens to it, and everybody who waits for one
  setMaxListeners(0, stopping.signal);
  const durable: Runner[] = [];
  const listeners: ListenerDefinition[] = [];
  const runners: Runner[] = [];
  let shared: FeedReader | undefined;
  let running: Promise<unknown> = Promise.resolve();
  const atWork = new Set<string>();

  const onItem = (item: FeedItem): void => {
    if (folds.follows(item.stream) && item.decoded._tag === 'Right') folds.advance(item.decoded.right);
  };
  const readFeed = (after: bigint | null): FeedReader =>
    new FeedReader({ feed, after, timings: feedTimings, log, onItem });
  const stragglers = new Stragglers(readFeed);
  const openCursor = (after: bigint | null): Cursor => {
    if (!shared) throw new Error('subscriptions have not started');
    return new Cursor(shared, stragglers, after);
  };
  const add = (runner: Runner): void => {
    if (shared) throw new Error(`${runner.name} was added after the start`);
    if (durable.some(({ name }) => name === runner.name)) throw new Error(`there are two runners ${runner.name}`);
    durable.push(runner);
  };
  const everyRunner = {
    owner,
    takeOver,
    checkpoints,
    timings,
    log,
    database,
    reader,
    openCursor,
    wishesWaiting: wishesWaiting(database),
  };

  return {
    folds,
    addProjection: (definition) => add(new ProjectionRunner({ ...everyRunner, name: definition.name, definition })),
    addReactor: (definition) => add(new ReactorRunner({ ...everyRunner, name: definition.name, definition })),
    addListener: (definition) => {
      if (shared) throw new Error(`${definition.name} was added after the start`);
      listeners.push(definition);
    },

    start: async () => {
      if (shared) throw new Error('subscriptions have started already');
      const positions = await checkpoints.positionsOf(durable.map(({ name }) => name));
      const listening = await Promise.all(
        listeners.map(async (definition) => {
          const after = await definition.from();
          return new ListenerRunner({ definition, openCursor, after, timings, log });
        }),
      );
      runners.push(...durable, ...listening);
      const begins = [...positions.values(), ...listening.map((listener) => listener.status().position)];
      // whoever stands further back reads apart until it gets there
      shared = readFeed(begins.reduce(later, null));
      shared.start();
      running = Promise.all(
        runners.map((runner) => {
          atWork.add(runner.name);
          return runner
            .run(stopping.signal)
            .catch((error: unknown) => log.error('a runner ended', { runner: runner.name, error }))
            .finally(() => atWork.delete(runner.name));
        }),
      );
    },

    reached: async (name, position, signal) => {
      const runner = runners.find((candidate) => candidate.name === name);
      const until = signal ? AbortSignal.any([signal, stopping.signal]) : stopping.signal;
      while (!until.aborted) {
        const status = runner?.status();
        const own = status?.state === 'leading' ? status.position : await checkpoints.positionOf(name);
        if (own !== null && own >= position) return true;
        await (runner
          ? runner.progressed(until, OTHERS_CHECKPOINT_EVERY_MS)
          : pause(OTHERS_CHECKPOINT_EVERY_MS, until));
      }
      return false;
    },

    status: () => ({
      feed: shared?.status() ?? { position: null, live: false, drops: 0, failures: 0 },
      runners: runners.map((runner) => runner.status()),
    }),

    lag: () => measureLag(database, (position) => shared?.countAfter(position) ?? { events: 0, all: false }),

    stop: async () => {
      stopping.abort();
      // a database that does not answer must not hold the process up: what is not committed is done again
      await Promise.race([running, pause(1.5 * timings.drainMs)]);
      if (atWork.size > 0)
        log.warn('runners did not come to their end: what they had not committed is done again', {
          runners: [...atWork],
        });
      await shared?.stop();
    },
  };
}

const later = (a: bigint | null, b: bigint | null): bigint | null => (b !== null && isAfter(b, a) ? b : a);
