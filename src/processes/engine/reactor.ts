import type { RecordedEvent } from '../../domain/events.js';
import type { Folds, ReactorDefinition } from '../../subscriptions/contract.js';
import type { Origin } from '../timers/timer.js';
import type { Engine } from './engine.js';
import type { ProcessManager } from './process.js';
import type { Related } from './related.js';

/** How many events of one process are worked side by side; those of one order always one after the other. */
const MAX_IN_FLIGHT = 1024;

export interface ReactorParts {
  readonly engine: Engine;
  readonly folds: Folds;
  readonly related: Related;
}

/** A process manager as the subscriptions run it. */
export const reactorOf = <State>(
  process: ProcessManager<State>,
  { engine, folds, related }: ReactorParts,
): ReactorDefinition => ({
  name: process.name,
  wants: process.wants,
  key: process.key,
  maxInFlight: MAX_IN_FLIGHT,
  react: async (event) => {
    const state = await process.load(event, folds, related);
    await engine.run({
      process: process.name,
      cause: { id: event.id, origin: originOf(event) },
      first: process.react(event, state),
      next: (outcomes) => process.settle(event, state, outcomes),
    });
  },
});

/** The envelope that the commands following from an event carry on. */
function originOf({ id, meta }: RecordedEvent): Origin {
  const { correlationId, tenant, location, traceparent } = meta;
  return {
    correlationId,
    causationId: id,
    tenant,
    ...(location === undefined ? {} : { location }),
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}
