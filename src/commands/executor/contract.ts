import type { Either } from 'fp-ts/lib/Either.js';
import type { Aggregate, RejectionShape } from '../../domain/kernel/aggregate.js';
import type { Actor, DomainEventShape, Recorded } from '../../domain/kernel/envelope.js';
import type { StreamName } from '../../domain/kernel/streams.js';

/** Who asks, when, and on whose account: everything about a command but its content. */
export interface CommandContext {
  /** A fresh UUIDv7 for an HTTP request; derived (v5) for a consumer's or a process's command, so that a repeat is recognised. */
  readonly commandId: string;
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly actor: Actor;
  readonly tenant: string;
  /** RFC 3339 UTC with milliseconds, from the one clock port. */
  readonly at: string;
  readonly reason?: string;
  readonly location?: string;
  readonly traceparent?: string;
  readonly keyHash?: string;
  readonly bodyHash?: string;
  /** From `If-Match`: the stream must stand at exactly this revision (`exists`: any, but it must exist); else {@link RevisionMismatch}. */
  readonly ifMatch?: number | 'exists';
  /**
   * The same request came before, under its Idempotency-Key. Where it finds done what it wants, its If-Match, which was about the
   * first time, is held against it no more (RFC 9110, 13.1.1); where it does not, it is.
   */
  readonly cameBefore?: boolean;
  /**
   * The command begins its stream, so a stream that memory does not hold is taken for a new one: one append that
   * demands that there is none, and no read before it. Where it exists after all, it is loaded and the command decided
   * again. Heeded for fresh command ids only: a derived one may have been carried out before, which only a read can tell.
   */
  readonly creates?: boolean;
}

/** What a command led to. `events` is empty when it was already true, or when the same command id had been done before. */
export interface Committed<State, Event extends DomainEventShape> {
  /** Revision of the command's own last event; for a no-op the stream's revision that it rested on (−1: no stream). */
  readonly revision: number;
  /**
   * A commit position that its last event does not lie behind: whoever has read up to here has read the event. Where one
   * append stored the events of several commands, it is that of the append's last event. Null for a no-op.
   */
  readonly position: bigint | null;
  /** The state as of {@link revision}. */
  readonly state: State;
  /** The command's own events; the `position` of each is {@link position}. */
  readonly events: readonly Recorded<Event>[];
  /** The same command id had been carried out before: this is that outcome. */
  readonly repeated: boolean;
}

/** A refusal that the executor itself gives. */
export type ExecutorRejection =
  | { readonly _tag: 'RevisionMismatch'; readonly current: number }
  /** Others kept writing to the stream through all tries; nothing was written. */
  | { readonly _tag: 'ConcurrencyConflict'; readonly stream: string };

/**
 * The one way in for commands. A business refusal is a `Left`; a system fault is thrown
 * (`StoreUnavailable`), and is never turned into a refusal.
 */
export interface Executor {
  execute<State, Command, Event extends DomainEventShape, Rejection extends RejectionShape>(
    aggregate: Aggregate<State, Command, Event, Rejection>,
    stream: StreamName,
    command: Command,
    context: CommandContext,
  ): Promise<Either<Rejection | ExecutorRejection, Committed<State, Event>>>;

  /** The current state by way of cache or replay, with its revision (−1: no stream); reads the tail when `fresh`. */
  load<State, Command, Event extends DomainEventShape, Rejection extends RejectionShape>(
    aggregate: Aggregate<State, Command, Event, Rejection>,
    stream: StreamName,
    options?: { readonly fresh?: boolean },
  ): Promise<{ readonly state: State; readonly revision: number; readonly first: EventOrigin | null }>;
}

/** What the first event of a stream says about the request that created it. */
export interface EventOrigin {
  readonly commandId: string;
  readonly keyHash?: string;
  readonly bodyHash?: string;
  readonly actor: Actor;
}
