import type { DomainEvent, RecordedEvent } from '../domain/events.js';
import type { Aggregate, RejectionShape } from '../domain/kernel/aggregate.js';
import type { DomainEventShape } from '../domain/kernel/envelope.js';
import type { Queryable } from './ports/database.js';

/** A projection: rows and checkpoint in one transaction, rebuildable. */
export interface ProjectionDefinition {
  /** Name of its checkpoint and lease. */
  readonly name: string;
  readonly wants: (type: DomainEvent['type']) => boolean;
  /** Reads from outside what a batch needs, before its transaction begins: nothing outside is called within one. */
  readonly prepare?: (events: readonly RecordedEvent[]) => Promise<void>;
  /** Writes the rows of a batch in the transaction that also moves the checkpoint. Events come in order, and may come twice. */
  readonly project: (events: readonly RecordedEvent[], transaction: Queryable) => Promise<void>;
  /** Called after the commit with the batch, to wake up whoever waits for the view. */
  readonly committed?: (events: readonly RecordedEvent[]) => void;
}

/** A reactor acts on the world (issues commands, publishes messages) and is never rebuilt. */
export interface ReactorDefinition {
  readonly name: string;
  readonly wants: (type: DomainEvent['type']) => boolean;
  /** Events of one key are handled one after the other; different keys side by side. */
  readonly key: (event: RecordedEvent) => string;
  readonly maxInFlight: number;
  /**
   * Resolves when everything that the event asks for is done, at least once. A thrown system fault is retried with
   * backoff 1 s … 60 s for ever; any other failure for 5 minutes, then the event's key is parked.
   */
  readonly react: (event: RecordedEvent) => Promise<void>;
}

/** Something in this process's memory that follows the log: no lease, no checkpoint, no transaction. */
export interface ListenerDefinition {
  readonly name: string;
  readonly wants: (type: DomainEvent['type']) => boolean;
  /** Asked once at start: events after this position follow; null: all of them. May load what the memory begins with. */
  readonly from: () => Promise<bigint | null>;
  /** Called for one event after the other. A thrown system fault is retried; any other failure is logged and passed over. */
  readonly handle: (event: RecordedEvent) => void | Promise<void>;
}

/** States of streams as the feed saw them: an LRU that the feed advances; a stream is read only on a miss. */
export interface Folds {
  /** The state just after the event of that revision; exact, also when the stream went on meanwhile. */
  at<State, Command, Event extends DomainEventShape, Rejection extends RejectionShape>(
    aggregate: Aggregate<State, Command, Event, Rejection>,
    stream: string,
    revision: number,
  ): Promise<State>;
  /** The newest state, read from the store's end: for related streams, where only "now" makes sense. */
  latest<State, Command, Event extends DomainEventShape, Rejection extends RejectionShape>(
    aggregate: Aggregate<State, Command, Event, Rejection>,
    stream: string,
  ): Promise<{ readonly state: State; readonly revision: number }>;
}
