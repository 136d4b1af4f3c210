import type { WakeUp } from '../api/ports/wakeUp.js';
import type { Executor } from '../commands/executor/contract.js';
import { createExecutor } from '../commands/executor/createExecutor.js';
import { CACHE_LIMITS } from '../commands/executor/streamCache.js';
import type { Clock } from '../commands/ports/clock.js';
import { categoryOf, SETTINGS_STREAM } from '../domain/kernel/streams.js';
import type { RecordedEvent } from '../domain/events.js';
import { postgresSnapshots } from '../infrastructure/postgres/snapshots.js';
import { type CatalogueMemory, createCatalogueMemory } from '../projections/catalogue/memory.js';
import { createSettingsMemory, type SettingsMemory } from '../projections/settings/memory.js';
import type { Database, Queryable } from '../subscriptions/ports/database.js';
import type { Log } from '../subscriptions/ports/log.js';
import { createSubscriptions, type Subscriptions, type SubscriptionsOptions } from '../subscriptions/subscriptions.js';
import type { EventStoreComponent } from './components/eventStore.js';

/** What every role of one process shares: the way in for commands, the way events come back, the catalogue. */
export interface Core {
  readonly executor: Executor;
  readonly subscriptions: Subscriptions;
  readonly catalogue: CatalogueMemory;
  readonly settings: SettingsMemory;
  readonly clock: Clock;
}

export interface CoreParts {
  readonly store: Pick<EventStoreComponent, 'eventStore' | 'feed'>;
  readonly database: { readonly database: Database };
  /** Where snapshots are kept, where that is not simply the database: no command should wait long for one. */
  readonly snapshots?: Queryable;
  readonly wakeUp: WakeUp;
  readonly log: Log;
  /** Tells this process from others in the lease rows. */
  readonly owner: string;
  /** This process is the only one that can be running. */
  readonly alone: boolean;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** How subscriptions behave in time, where that is not as usual. */
  readonly timings?: Pick<SubscriptionsOptions, 'feedTimings' | 'runnerTimings'>;
  /** How many streams each memory holds, where that is not as usual: with few of them, what was forgotten is read again. */
  readonly rememberedStreams?: number;
}

export const systemClock: Clock = { now: () => new Date().toISOString() };

/** Builds the core; nothing runs yet. */
export function createCore(parts: CoreParts): Core {
  const { store, database, wakeUp, log, owner, alone, clock = systemClock, timings, rememberedStreams } = parts;
  const subscriptions = createSubscriptions({
    feed: store.feed,
    reader: store.eventStore,
    database: database.database,
    log,
    owner,
    takeOver: alone,
    ...timings,
    ...(rememberedStreams === undefined ? {} : { rememberedStreams }),
  });
  const catalogue = createCatalogueMemory({
    database: database.database,
    folds: subscriptions.folds,
    ...(rememberedStreams === undefined ? {} : { maxAbsent: rememberedStreams }),
  });
  const settings = createSettingsMemory({ folds: subscriptions.folds, feed: store.feed });
  subscriptions.addListener(settings.listener);
  const executor = createExecutor({
    eventStore: store.eventStore,
    snapshots: postgresSnapshots(parts.snapshots ?? database.database),
    random: Math.random,
    ...(rememberedStreams === undefined ? {} : { cache: { ...CACHE_LIMITS, streams: rememberedStreams } }),
    onCommitted: (stream, _revision, events) => {
      // an order placed right after its offer was changed sees the change
      if (IN_CATALOGUE.has(categoryOf(stream)))
        for (const event of events as readonly RecordedEvent[]) catalogue.apply(event);
      if (stream === SETTINGS_STREAM) for (const event of events as readonly RecordedEvent[]) settings.apply(event);
      wakeUp.notify(stream);
    },
    onSnapshotFailure: (stream, error) => log.warn('a snapshot could not be read or written', { stream, error }),
  });
  return { executor, subscriptions, catalogue, settings, clock };
}

const IN_CATALOGUE = new Set(['offer', 'location']);
