import { ANSWER_WITHIN_MS, type ReadinessCheck } from '../api/ports/readiness.js';
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

/** What a process stands on, whatever its roles are: how each part is asked whether it answers. */
export function readinessOf({ store, database, broker, wakeUps, kitchenSimulator }: Needed): readonly ReadinessCheck[] {
  // nobody listens any more to what comes later, and a look a second at a frozen server would take one connection after the other
  const soon = database.database.within(ANSWER_WITHIN_MS);
  return [
    { name: 'event store', check: async () => void (await store.feed.head()) },
    { name: 'postgres', check: async () => void (await soon.query('SELECT 1')) },
    ...optional('broker', broker),
    ...optional('redis', wakeUps),
    ...(kitchenSimulator ? [{ name: 'kitchen simulator', check: () => Promise.resolve() }] : []),
  ];
}

/** The check of a component that orders are accepted without; none where nobody else can take it away. */
const optional = (name: string, { answers }: Component): readonly ReadinessCheck[] =>
  answers ? [{ name, optional: true, check: answers }] : [];
