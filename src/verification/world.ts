import type { Aggregate, RejectionShape } from '../domain/kernel/aggregate.js';
import type { DomainEventShape } from '../domain/kernel/envelope.js';
import type { Tables } from './database/tables.js';
import type { Folded, Streams } from './streams.js';

type Kind<State, Event extends DomainEventShape> = Pick<
  Aggregate<State, never, Event, RejectionShape>,
  'category' | 'initial' | 'evolve'
>;

export interface WorldOptions {
  readonly streams: Streams;
  readonly tables: Tables;
  /** Position of the last event that was read; null: the log is empty. */
  readonly head: bigint | null;
  /** Names of everything that acts on events: processes and publishers. */
  readonly reactors: readonly string[];
  readonly readModels: readonly string[];
  /** For how long, in milliseconds, what travels outside the log (a message, a webhook) may be on its way. */
  readonly graceMs: number;
}

/**
 * Everything that checks look at: the fold of every stream as of one moment, and the tables as of a moment just before it.
 * What a runner did about the events up to its checkpoint was stored before that checkpoint moved, so it is in these
 * streams; what comes after its checkpoint is a step under way, and no difference.
 */
export class World {
  readonly tables: Tables;
  readonly head: bigint | null;
  /** Every runner that must be there, with its checkpoint; null: it has handled nothing yet. */
  readonly runners: ReadonlyMap<string, bigint | null>;
  private readonly streams: Streams;
  private readonly slowest: bigint | null;
  private readonly quietBefore: number;

  constructor({ streams, tables, head, reactors, readModels, graceMs }: WorldOptions) {
    this.streams = streams;
    this.tables = tables;
    this.head = head;
    this.runners = new Map(
      [...readModels, ...reactors].map((name) => [name, tables.runners.get(name)?.position ?? null]),
    );
    this.slowest = reactors
      .map((name) => tables.runners.get(name)?.position ?? -1n)
      .reduce<bigint | null>((least, position) => (least === null || position < least ? position : least), null);
    this.quietBefore = tables.lastSignOfLife.getTime() - graceMs;
  }

  /** Every stream of an aggregate with its folded state. */
  all<State, Event extends DomainEventShape>(aggregate: Kind<State, Event>): ReadonlyMap<string, Folded<State>> {
    return this.streams.ofCategory(aggregate.category) as ReadonlyMap<string, Folded<State>>;
  }

  /** One stream of an aggregate; undefined: there is no such stream. */
  one<State, Event extends DomainEventShape>(aggregate: Kind<State, Event>, stream: string): Folded<State> | undefined {
    return this.all(aggregate).get(stream);
  }

  /** Whether everybody who acts on events has dealt with the last one of this stream, so that nothing is under way about it. */
  settled({ position }: Pick<Folded, 'position'>): boolean {
    return this.slowest === null || this.slowest >= position;
  }

  /** Whether a moment (milliseconds since 1970) is so long ago that nothing which it led to can still travel. */
  quiet(at: number): boolean {
    return at < this.quietBefore;
  }

  /** Settled, and whatever was sent through the broker had its time: nothing further will happen by itself. */
  atRest(folded: Pick<Folded, 'position' | 'at'>): boolean {
    return this.settled(folded) && this.quiet(folded.at);
  }
}
