import type { Aggregate, RejectionShape } from '../../domain/kernel/aggregate.js';
import type { DomainEventShape } from '../../domain/kernel/envelope.js';
import type { EventStore } from '../ports/eventStore.js';
import { decodeStored } from './decodeStored.js';

/** The parts of an aggregate that a replay needs. */
export type Replayable<State, Event extends DomainEventShape> = Pick<
  Aggregate<State, never, Event, RejectionShape>,
  'initial' | 'evolve' | 'codec'
>;

/** A state of the past: as of `revision` (−1: before the first event, or no such stream). */
export interface PastState<State> {
  readonly state: State;
  readonly revision: number;
}

/**
 * The state just after the event with that revision, folded from the stream's start.
 *
 * @returns undefined where the stream has no such event (yet)
 * @throws StoreUnavailable, UnreadableEvent
 */
export async function stateAtRevision<State, Event extends DomainEventShape>(
  eventStore: EventStore,
  aggregate: Replayable<State, Event>,
  stream: string,
  revision: number,
): Promise<PastState<State> | undefined> {
  if (!Number.isSafeInteger(revision) || revision < 0) return undefined;
  let past: PastState<State> = { state: aggregate.initial, revision: -1 };
  for await (const stored of eventStore.read(stream, { maxCount: revision + 1 })) {
    const { event } = decodeStored(aggregate.codec, stored);
    past = { state: aggregate.evolve(past.state, event), revision: stored.revision };
  }
  return past.revision === revision ? past : undefined;
}

/**
 * The state as it was at a moment: every event up to the first that happened later. Order is the stream's, never the
 * clock's, so where two hosts' clocks disagree the result is still a state that the stream once had.
 *
 * @param at milliseconds since 1970
 * @throws StoreUnavailable, UnreadableEvent
 */
export async function stateAtTime<State, Event extends DomainEventShape>(
  eventStore: EventStore,
  aggregate: Replayable<State, Event>,
  stream: string,
  at: number,
): Promise<PastState<State>> {
  let past: PastState<State> = { state: aggregate.initial, revision: -1 };
  for await (const stored of eventStore.read(stream)) {
    const { event, meta } = decodeStored(aggregate.codec, stored);
    if (Date.parse(meta.at) > at) break;
    past = { state: aggregate.evolve(past.state, event), revision: stored.revision };
  }
  return past;
}
