import type { ReadinessCheck } from '../api/ports/readiness.js';
import type { Component } from './components/component.js';
import type { DatabaseComponent } from './components/database.js';
import type { EventStoreComponent } from './components/eventStore.js';

export interface Needed {
  readonly store: EventStoreComponent;
  readonly database: DatabaseComponent;
  readonly broker: Component;
  readonly wakeUps: Component;
  readonly kitchenSimulator: boolean;
}

/** Whoever asks hears within this time that the database does not answer. */
const ANSWER_WITHIN_MS = 5_000;

/** What a process stands on, whatever its roles are: how each part is asked whether it answers. */
export function readinessOf({ store, database, broker, wakeUps, kitchenSimulator }: Needed): readonly ReadinessCheck[] {
  const patient = database.database.within(ANSWER_WITHIN_MS);
  return [
    { name: 'event store', check: async () => void (await store.feed.head()) },
    { name: 'postgres', check: async () => void (await patient.query('SELECT 1')) },
    ...optional('broker', broker),
    ...optional('redis', wakeUps),
    ...(kitchenSimulator ? [{ name: 'kitchen simulator', check: () => Promise.resolve() }] : []),
  ];
}

/** The check of a component that orders are accepted without; none where nobody else can take it away. */
const optional = (name: string, { answers }: Component): readonly ReadinessCheck[] =>
  answers ? [{ name, optional: true, check: answers }] : [];
