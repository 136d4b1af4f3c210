import type { FoldableAggregate } from '../domain/aggregates.js';
import type { RecordedEvent } from '../domain/events.js';
import { categoryOf } from '../domain/kernel/streams.js';

/** A stream folded to its newest event. */
export interface Folded<State = unknown> {
  state: State;
  /** Of the last event; a stream that exists has at least one. */
  revision: number;
  position: bigint;
  /** When the store wrote the last event: milliseconds since 1970. */
  at: number;
}

const NONE: ReadonlyMap<string, Folded> = new Map();

/** Every stream of every known category, folded event by event. */
export class Streams {
  private readonly byCategory: ReadonlyMap<string, Map<string, Folded>>;
  private readonly aggregates: ReadonlyMap<string, FoldableAggregate>;

  constructor(aggregates: readonly FoldableAggregate[]) {
    this.aggregates = new Map(aggregates.map((aggregate) => [aggregate.category, aggregate]));
    this.byCategory = new Map(aggregates.map(({ category }) => [category, new Map()]));
  }

  ofCategory(category: string): ReadonlyMap<string, Folded> {
    return this.byCategory.get(category) ?? NONE;
  }

  /** The aggregate whose streams carry such a name; undefined: the stream is somebody else's. */
  aggregateOf(stream: string): FoldableAggregate | undefined {
    return this.aggregates.get(categoryOf(stream));
  }

  /** The stream as folded so far. */
  get(stream: string): Folded | undefined {
    return this.byCategory.get(categoryOf(stream))?.get(stream);
  }

  /** The state after an event; one of another kind of stream changes nothing. */
  after(aggregate: FoldableAggregate, known: Folded | undefined, { event }: RecordedEvent): unknown {
    if (!aggregate.codec.types.includes(event.type)) return known ? known.state : aggregate.initial;
    return aggregate.evolve((known ? known.state : aggregate.initial) as never, event as never);
  }

  /** Moves a stream on; the same object goes on standing for it. */
  move(stream: string, known: Folded | undefined, to: Folded): void {
    if (known) Object.assign(known, to);
    else this.byCategory.get(categoryOf(stream))?.set(stream, to);
  }

  /** How many streams of each category there are. */
  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.byCategory].map(([category, streams]) => [category, streams.size]));
  }
}
