import * as E from 'fp-ts/lib/Either.js';
import { LRUCache } from 'lru-cache';
import type { RecordedEvent } from '../domain/events.js';
import type { Aggregate, RejectionShape } from '../domain/kernel/aggregate.js';
import { type DomainEventShape, MetadataCodec } from '../domain/kernel/envelope.js';
import type { StoredEvent } from '../domain/kernel/storedEvent.js';
import { categoryOf } from '../domain/kernel/streams.js';
import type { Folds } from './contract.js';
import { UnprocessableEvent } from './faults.js';
import { explain } from './feed/feedItem.js';
import type { StreamReader } from './ports/streamReader.js';

export interface FoldsOptions {
  readonly reader: StreamReader;
  /** How many streams are remembered; default 5,000. */
  readonly maxStreams?: number;
  /** How many of a stream's newest states are remembered; default 32. They share what did not change. */
  readonly maxStates?: number;
}

/** Folds that a feed advances. */
export interface FedFolds extends Folds {
  /** Whether anybody asked for streams of this one's kind: only their events need be advanced with. */
  follows(stream: string): boolean;
  /** Takes notice of an event that the feed brought. */
  advance(event: RecordedEvent): void;
}

interface Known {
  readonly revision: number;
  readonly state: unknown;
}

/** A stream's newest states, oldest first, revisions without gaps. */
type History = readonly Known[];

type AnyAggregate = Pick<
  Aggregate<unknown, never, DomainEventShape, RejectionShape>,
  'initial' | 'evolve' | 'category'
>;

/** A revision was asked for that the stream does not have (yet): the store that was read lags behind the feed. */
export class RevisionNotThere extends Error {
  override readonly name = 'RevisionNotThere';
  readonly isSystemFault = true;
}

/**
 * Makes folds over a store. A stream of a kind that somebody asked for is followed from its first event on, or from the first
 * time that it was asked for; everything else costs one read of the stream.
 */
export function createFolds({ reader, maxStreams = 5_000, maxStates = 32 }: FoldsOptions): FedFolds {
  const histories = new LRUCache<string, History>({ max: maxStreams });
  const aggregates = new Map<string, AnyAggregate>();

  const remember = (stream: string, added: readonly Known[]): void => {
    const known = histories.get(stream) ?? [];
    const last = known.at(-1)?.revision ?? -1;
    const fresh = added.filter(({ revision }) => revision > last);
    const first = fresh[0];
    if (!first) return;
    const history = first.revision === last + 1 ? [...known, ...fresh] : fresh;
    histories.set(stream, history.slice(-maxStates));
  };

  /** Reads on from a known state to the end of the stream, or up to a revision. */
  async function read<State, Command, Event extends DomainEventShape, Rejection extends RejectionShape>(
    aggregate: Aggregate<State, Command, Event, Rejection>,
    stream: string,
    from: Known | undefined,
    upTo: number,
  ): Promise<Known> {
    let known: Known = from ?? { revision: -1, state: aggregate.initial };
    const states: Known[] = [];
    const maxCount = upTo - known.revision;
    const options = { fromRevision: known.revision + 1, ...(Number.isFinite(maxCount) ? { maxCount } : {}) };
    for await (const stored of reader.read(stream, options)) {
      if (stored.revision > upTo) break;
      const event = decodeFor(aggregate, stored);
      known = { revision: stored.revision, state: aggregate.evolve(known.state as State, event) };
      states.push(known);
      if (states.length > 2 * maxStates) states.splice(0, maxStates);
    }
    remember(stream, states);
    return known;
  }

  const follow = (aggregate: AnyAggregate): void => {
    aggregates.set(aggregate.category, aggregate);
  };

  return {
    follows: (stream) => aggregates.has(categoryOf(stream)),

    advance: (event) => {
      const aggregate = aggregates.get(categoryOf(event.stream));
      if (!aggregate) return;
      const last = histories.peek(event.stream)?.at(-1);
      if (event.revision !== (last?.revision ?? -1) + 1) return;
      try {
        const state = aggregate.evolve(last ? last.state : aggregate.initial, event.event);
        remember(event.stream, [{ revision: event.revision, state }]);
      } catch {
        // evolving is total by rule; should it fail all the same, whoever asks for the state meets the error, not the feed
        histories.delete(event.stream);
      }
    },

    at: async <State, Command, Event extends DomainEventShape, Rejection extends RejectionShape>(
      aggregate: Aggregate<State, Command, Event, Rejection>,
      stream: string,
      revision: number,
    ): Promise<State> => {
      follow(aggregate as unknown as AnyAggregate);
      const history = histories.get(stream) ?? [];
      const first = history[0];
      const exact = first && history[revision - first.revision];
      if (exact) return exact.state as State;
      const last = history.at(-1);
      const base = last && last.revision < revision ? last : undefined;
      const known = await read(aggregate, stream, base, revision);
      if (known.revision !== revision) {
        throw new RevisionNotThere(`${stream} stands at ${known.revision}, ${revision} was asked for`);
      }
      return known.state as State;
    },

    latest: async <State, Command, Event extends DomainEventShape, Rejection extends RejectionShape>(
      aggregate: Aggregate<State, Command, Event, Rejection>,
      stream: string,
    ) => {
      follow(aggregate as unknown as AnyAggregate);
      const known = await read(aggregate, stream, histories.get(stream)?.at(-1), Number.POSITIVE_INFINITY);
      return { state: known.state as State, revision: known.revision };
    },
  };
}

function decodeFor<Event extends DomainEventShape>(
  aggregate: { readonly codec: Aggregate<unknown, never, Event, RejectionShape>['codec'] },
  stored: StoredEvent,
): Event {
  const meta = MetadataCodec.decode(stored.metadata);
  if (E.isLeft(meta)) throw new UnprocessableEvent(`${stored.stream}@${stored.revision} has no envelope`);
  const event = aggregate.codec.decode({ type: stored.type, v: meta.right.v, data: stored.data });
  if (E.isLeft(event)) {
    throw new UnprocessableEvent(`${stored.stream}@${stored.revision}: ${explain(event.left)}`);
  }
  return event.right;
}
