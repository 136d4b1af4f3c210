import type { WakeUp } from '../api/ports/wakeUp.js';
import type { Executor } from '../commands/executor/contract.js';
import { createExecutor } from '../commands/executor/createExecutor.js';
import type { Clock } from '../commands/ports/clock.js';
import { categoryOf } from '../domain/kernel/streams.js';
import type { RecordedEvent } from '../domain/events.js';
import { postgresSnapshots } from '../infrastructure/postgres/snapshots.js';
import type { Logger } from '../infrastructure/telemetry/logger.js';
import { type CatalogueMemory, createCatalogueMemory } from '../projections/catalogue/memory.js';
import { createSubscriptions, type Subscriptions } from '../subscriptions/subscriptions.js';
import type { EventStoreComponent } from './components/eventStore.js';
import type { DatabaseComponent } from './components/database.js';

/** What every role of one process shares: the way in for commands, the way events come back, the catalogue. */
export interface Core {
  readonly executor: Executor;
  readonly subscriptions: Subscriptions;
  readonly catalogue: CatalogueMemory;
  readonly clock: Clock;
}

export interface CoreParts {
  readonly store: EventStoreComponent;
  readonly database: DatabaseComponent;
  readonly wakeUp: WakeUp;
  readonly log: Logger;
  /** Tells this process from others in the lease rows. */
  readonly owner: string;
  /** This process is the only one that can be running. */
  readonly alone: boolean;
}

export const systemClock: Clock = { now: () => new Date().toISOString() };

/** Builds the core; nothing runs yet. */
export function createCore({ store, database, wakeUp, log, owner, alone }: CoreParts): Core {
  const subscriptions = createSubscriptions({
    feed: store.feed,
    reader: store.eventStore,
    database: database.database,
    log,
    owner,
    takeOver: alone,
  });
  const catalogue = createCatalogueMemory({ database: database.database, folds: subscriptions.folds });
  const executor = createExecutor({
    eventStore: store.eventStore,
    snapshots: postgresSnapshots(database.database),
    random: Math.random,
    onCommitted: (stream, _revision, events) => {
      // an order placed right after its offer was changed sees the change
      if (IN_CATALOGUE.has(categoryOf(stream)))
        for (const event of events as readonly RecordedEvent[]) catalogue.apply(event);
      wakeUp.notify(stream);
    },
    onSnapshotFailure: (stream, error) => log.warn('a snapshot could not be read or written', { stream, error }),
  });
  return { executor, subscriptions, catalogue, clock: systemClock };
}

const IN_CATALOGUE = new Set(['offer', 'location']);
