import * as E from 'fp-ts/lib/Either.js';
import type { RejectionShape } from '../../domain/kernel/aggregate.js';
import { type DomainEventShape, type EventMeta, MetadataCodec } from '../../domain/kernel/envelope.js';
import { eventIdOf } from '../identity.js';
import type { EventToAppend } from '../ports/eventStore.js';
import type { CommandContext } from './contract.js';
import type { AnyAggregate, Done, StreamState } from './streamState.js';

/** A command with its context, as the queue holds it. */
export interface Asked {
  readonly command: unknown;
  readonly context: CommandContext;
}

/** An event that was decided and is not stored yet. */
export interface Decided {
  readonly id: string;
  readonly revision: number;
  readonly event: DomainEventShape;
  readonly meta: EventMeta;
}

/** What one command of a batch comes to. */
export type Step =
  | { readonly kind: 'writes'; readonly events: readonly Decided[]; readonly revision: number; readonly state: unknown }
  /** Nothing to write: it is true already. */
  | { readonly kind: 'noop'; readonly revision: number; readonly state: unknown }
  | { readonly kind: 'refused'; readonly rejection: RejectionShape }
  /** Its id stands in the stream. */
  | { readonly kind: 'stored'; readonly done: Done }
  /** Its id stands further ahead in this batch. */
  | { readonly kind: 'again'; readonly earlier: { readonly revision: number; readonly state: unknown } }
  | { readonly kind: 'threw'; readonly error: unknown };

type Writes = Extract<Step, { kind: 'writes' }>;

/** A batch, decided. `steps` may be shorter than what was asked: the rest does not fit into one append. */
export interface Plan {
  readonly steps: readonly Step[];
  readonly append: readonly EventToAppend[];
  /** State and revision after all of it. */
  readonly state: unknown;
  readonly revision: number;
}

/**
 * Decides commands one after the other, each on what the ones before it left behind. Pure.
 *
 * @param maxBytes size of the events, as JSON, beyond which no further command joins; the first one always does
 */
export function planBatch(aggregate: AnyAggregate, base: StreamState, batch: readonly Asked[], maxBytes: number): Plan {
  const steps: Step[] = [];
  const append: EventToAppend[] = [];
  const written = new Map<string, Writes>();
  let { state, revision } = base;
  let bytes = 0;
  for (const asked of batch) {
    const step = repeated(asked, base, written) ?? decideOne(aggregate, asked, state, revision);
    if (step.kind === 'writes') {
      const encoded = step.events.map((decided) => encode(aggregate, decided));
      // a lone command is never measured: that is the common case, and it is written whatever its size
      if (batch.length > 1) bytes += JSON.stringify(encoded).length;
      if (append.length > 0 && bytes > maxBytes) break;
      append.push(...encoded);
      written.set(asked.context.commandId, step);
      ({ state, revision } = step);
    }
    steps.push(step);
  }
  return { steps, append, state, revision };
}

function repeated({ context }: Asked, base: StreamState, written: ReadonlyMap<string, Writes>): Step | undefined {
  const done = base.recent.get(context.commandId);
  if (done) return { kind: 'stored', done };
  const earlier = written.get(context.commandId);
  return earlier && { kind: 'again', earlier };
}

function decideOne(aggregate: AnyAggregate, { command, context }: Asked, state: unknown, revision: number): Step {
  if (!matches(context.ifMatch, revision)) {
    return { kind: 'refused', rejection: { _tag: 'RevisionMismatch', current: revision } as RejectionShape };
  }
  try {
    const decision = aggregate.decide(command, state);
    if (E.isLeft(decision)) return { kind: 'refused', rejection: decision.left };
    if (decision.right.length === 0) return { kind: 'noop', revision, state };
    const events = decision.right.map((event, index) => ({
      id: eventIdOf(context.commandId, index),
      revision: revision + 1 + index,
      event,
      meta: metaOf(context, aggregate.codec.encode(event).v),
    }));
    const after = decision.right.reduce(aggregate.evolve, state);
    return { kind: 'writes', events, revision: revision + events.length, state: after };
  } catch (error) {
    return { kind: 'threw', error };
  }
}

const matches = (wanted: CommandContext['ifMatch'], revision: number): boolean =>
  wanted === undefined || (wanted === 'exists' ? revision >= 0 : wanted === revision);

function metaOf(context: CommandContext, v: number): EventMeta {
  const { at, commandId, correlationId, causationId, actor, tenant } = context;
  const { reason, location, traceparent, keyHash, bodyHash } = context;
  return {
    v,
    at,
    commandId,
    correlationId,
    causationId,
    actor,
    tenant,
    ...(reason !== undefined && { reason }),
    ...(location !== undefined && { location }),
    ...(traceparent !== undefined && { traceparent }),
    ...(keyHash !== undefined && { keyHash }),
    ...(bodyHash !== undefined && { bodyHash }),
  };
}

function encode(aggregate: AnyAggregate, { id, event, meta }: Decided): EventToAppend {
  const { type, data } = aggregate.codec.encode(event);
  return { id, type, data, metadata: MetadataCodec.encode(meta) };
}
