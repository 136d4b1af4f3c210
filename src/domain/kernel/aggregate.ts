import type { Either } from 'fp-ts/lib/Either.js';
import type { DomainEventShape } from './envelope.js';
import type { EventCodec } from './eventCodec.js';

/** A business refusal: a value with a tag and what it concerns, never an exception. */
export interface RejectionShape {
  readonly _tag: string;
}

/**
 * The rules of one kind of stream: pure, without clock, randomness or I/O.
 *
 * - `decide` says which events a command leads to in a state; `right([])` means that it is already true.
 * - `evolve` is total: it takes every event that was ever stored, and never throws.
 */
export interface Aggregate<State, Command, Event extends DomainEventShape, Rejection extends RejectionShape> {
  /** Category of its streams, without a dash: `order` of `order-{id}`. Never changes. */
  readonly category: string;
  readonly initial: State;
  readonly decide: (command: Command, state: State) => Either<Rejection, readonly Event[]>;
  readonly evolve: (state: State, event: Event) => State;
  readonly codec: EventCodec<Event>;
  /** Raised when the meaning of a stored snapshot changes; a snapshot of another version is ignored. */
  readonly stateVersion: number;
  /** How a snapshot of the state becomes JSON and comes back; absent: this kind has no snapshots. */
  readonly snapshot?: { readonly toJson: (state: State) => unknown; readonly fromJson: (json: unknown) => State };
}

/** Folds events onto a state. */
export const fold = <State, Event extends DomainEventShape>(
  aggregate: Pick<Aggregate<State, never, Event, RejectionShape>, 'evolve'>,
  state: State,
  events: readonly Event[],
): State => events.reduce(aggregate.evolve, state);
