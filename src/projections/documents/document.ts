import type { DomainEvent, RecordedEvent } from '../../domain/events.js';
import type { Aggregate, RejectionShape } from '../../domain/kernel/aggregate.js';
import type { DomainEventShape } from '../../domain/kernel/envelope.js';
import { UnprocessableEvent } from '../../subscriptions/faults.js';

/** A stream as a read model holds it: its folded state and the revision that it stands at. */
export interface Document<State> {
  readonly revision: number;
  readonly state: State;
}

/** What a read model needs of an aggregate. Rules stay there; here its events are only folded. */
export type Folding<State, Event extends DomainEventShape> = Pick<
  Aggregate<State, never, Event, RejectionShape>,
  'category' | 'initial' | 'evolve' | 'codec' | 'stateVersion'
>;

/**
 * The document after an event. An event that it stands beyond already changes nothing, so twice is once.
 * @throws UnprocessableEvent when an earlier event of the stream is missing
 */
export function evolveDocument<State, Event extends DomainEventShape>(
  folding: Folding<State, Event>,
  document: Document<State> | null,
  event: RecordedEvent,
): Document<State> {
  const revision = document?.revision ?? -1;
  if (document && event.revision <= revision) return document;
  if (event.revision !== revision + 1) {
    throw new UnprocessableEvent(
      `${event.stream} stands at ${revision} in the view and cannot go on at ${event.revision}`,
    );
  }
  return {
    revision: event.revision,
    // `wants` let only this aggregate's types through
    state: folding.evolve(document ? document.state : folding.initial, event.event as unknown as Event),
  };
}

/** Whether an event type belongs to an aggregate. */
export const typesOf = <State, Event extends DomainEventShape>(
  folding: Folding<State, Event>,
): ((type: DomainEvent['type']) => boolean) => {
  const types = new Set<string>(folding.codec.types);
  return (type) => types.has(type);
};

/** Events by stream, each stream's in order. */
export function byStream(events: readonly RecordedEvent[]): ReadonlyMap<string, readonly RecordedEvent[]> {
  const streams = new Map<string, RecordedEvent[]>();
  for (const event of events) {
    const known = streams.get(event.stream);
    if (known) known.push(event);
    else streams.set(event.stream, [event]);
  }
  return streams;
}
