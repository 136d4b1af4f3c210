import type { DomainEventShape, Recorded } from '../../domain/kernel/envelope.js';
import type { EventStore } from '../ports/eventStore.js';
import { StoreUnavailable } from '../ports/eventStore.js';
import type { Snapshots } from '../ports/snapshots.js';
import type { Executor } from './contract.js';
import { createLane, type Lane } from './lane.js';
import { CONFLICT_RETRIES, retryConflicts, type RetryOptions, retryStore, STORE_RETRIES } from './retries.js';
import { SNAPSHOT_RULES, snapshotDue, type SnapshotRules, writeSnapshot } from './snapshotWriter.js';
import { CACHE_LIMITS, type CacheLimits, createStreamCache } from './streamCache.js';
import { createStreamLoader } from './streamLoader.js';
import type { AnyAggregate, StreamState } from './streamState.js';
import type { Outcome } from './waiting.js';

export interface ExecutorOptions {
  readonly eventStore: EventStore;
  /** Absent: long streams are replayed from their start. */
  readonly snapshots?: Snapshots;
  readonly snapshotRules?: SnapshotRules;
  readonly cache?: CacheLimits;
  readonly conflictRetries?: RetryOptions;
  readonly storeRetries?: RetryOptions;
  /** For the jitter: a number from 0 up to, not including, 1. */
  readonly random: () => number;
  /** Commands of one append; 64. */
  readonly maxBatchCommands?: number;
  /** Bytes of events, as JSON, of one append with several commands; 256 KiB. */
  readonly maxBatchBytes?: number;
  /** Commands of one stream that may wait; beyond it they are turned away as {@link StoreUnavailable}. 10,000. */
  readonly maxWaiting?: number;
  /** Told of each append before its commands are answered, to wake up whoever waits. What it throws is lost. */
  readonly onCommitted?: (stream: string, revision: number, events: readonly Recorded<DomainEventShape>[]) => void;
  /** Told of a snapshot that could not be read or written; no command fails by it. */
  readonly onSnapshotFailure?: (stream: string, error: unknown) => void;
}

/** Makes the one way in for commands. */
export function createExecutor(options: ExecutorOptions): Executor {
  const { eventStore, snapshots, random } = options;
  const rules = options.snapshotRules ?? SNAPSHOT_RULES;
  const maxWaiting = options.maxWaiting ?? 10_000;
  const onSnapshotFailure = options.onSnapshotFailure ?? (() => undefined);
  const storeRetries = retryStore(options.storeRetries ?? STORE_RETRIES, random);
  const cache = createStreamCache(options.cache ?? CACHE_LIMITS);
  const loader = createStreamLoader(eventStore, snapshots, storeRetries, onSnapshotFailure);
  const lanes = new Map<string, Lane>();

  function committed(
    aggregate: AnyAggregate,
    stream: string,
    after: StreamState,
    events: readonly Recorded<DomainEventShape>[],
  ): void {
    if (snapshots && snapshotDue(aggregate, after, rules)) {
      cache.replace(stream, { ...after, snapshotRevision: after.revision });
      writeSnapshot(snapshots, aggregate, stream, after, onSnapshotFailure);
    }
    try {
      options.onCommitted?.(stream, after.revision, events);
    } catch {
      // a listener's fault is not the command's: its events are stored
    }
  }

  const tools = {
    eventStore,
    cache,
    loader,
    conflictRetries: retryConflicts(options.conflictRetries ?? CONFLICT_RETRIES, random),
    storeRetries,
    maxBytes: options.maxBatchBytes ?? 256 * 1024,
    committed,
  };

  function laneOf(aggregate: AnyAggregate, stream: string): Lane {
    const known = lanes.get(stream);
    if (known) return known;
    const lane = createLane(tools, options.maxBatchCommands ?? 64, aggregate, stream, () => lanes.delete(stream));
    lanes.set(stream, lane);
    return lane;
  }

  async function current(aggregate: AnyAggregate, stream: string, fresh: boolean): Promise<StreamState> {
    const cached = cache.get(stream);
    if (cached && !fresh) return cached;
    const read = cached ? await loader.tail(aggregate, stream, cached) : await loader.whole(aggregate, stream);
    if (read.revision >= 0) cache.offer(stream, read);
    return read;
  }

  // the types of an aggregate come in by its call and go out by its answer; in between nobody looks at them
  return {
    execute: (aggregate, stream, command, context) => {
      const lane = laneOf(aggregate as unknown as AnyAggregate, stream);
      if (lane.length >= maxWaiting) {
        return Promise.reject(new StoreUnavailable(`${lane.length} commands wait for ${stream}`));
      }
      const outcome = new Promise<Outcome>((answer, fail) => lane.add({ command, context, answer, fail }));
      return outcome as Promise<never>;
    },
    load: async (aggregate, stream, { fresh = false } = {}) => {
      const { state, revision, first } = await current(aggregate as unknown as AnyAggregate, stream, fresh);
      return { state: state as typeof aggregate.initial, revision, first };
    },
  };
}
