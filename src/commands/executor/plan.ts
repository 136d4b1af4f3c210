import * as E from 'fp-ts/lib/Either.js';
import type { RejectionShape } from '../../domain/kernel/aggregate.js';
import type { EventToAppend } from '../ports/eventStore.js';
import type { CommandContext } from './contract.js';
import { type Decided, encode } from './encode.js';
import type { AnyAggregate, Done, StreamState } from './streamState.js';

/** A command with its context, as the queue holds it. */
export interface Asked {
  readonly command: unknown;
  readonly context: CommandContext;
}

/** What one command of a batch comes to. */
export type Step =
  | {
      readonly kind: 'writes';
      readonly events: readonly Decided[];
      readonly append: readonly EventToAppend[];
      /** Size of {@link append} as JSON; 0 where nobody asks. */
      readonly bytes: number;
      readonly revision: number;
      readonly state: unknown;
    }
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
  // a lone command is never measured: that is the common case, and it is written whatever its size
  const measure = batch.length > 1;
  let bytes = 0;
  for (const asked of batch) {
    const step = repeated(asked, base, written) ?? decideOne(aggregate, asked, state, revision, measure);
    if (step.kind === 'writes') {
      bytes += step.bytes;
      if (append.length > 0 && bytes > maxBytes) break;
      append.push(...step.append);
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

function decideOne(
  aggregate: AnyAggregate,
  { command, context }: Asked,
  state: unknown,
  revision: number,
  measure: boolean,
): Step {
  const stale: Step | undefined = matches(context.ifMatch, revision)
    ? undefined
    : { kind: 'refused', rejection: { _tag: 'RevisionMismatch', current: revision } as RejectionShape };
  if (stale && context.cameBefore !== true) return stale;
  try {
    const decision = aggregate.decide(command, state);
    if (stale && (E.isLeft(decision) || decision.right.length > 0)) return stale;
    if (E.isLeft(decision)) return { kind: 'refused', rejection: decision.left };
    if (decision.right.length === 0) return { kind: 'noop', revision, state };
    const { events, append } = encode(aggregate.codec, context, decision.right, revision);
    return {
      kind: 'writes',
      events,
      append,
      bytes: measure ? JSON.stringify(append).length : 0,
      revision: revision + events.length,
      state: decision.right.reduce(aggregate.evolve, state),
    };
  } catch (error) {
    return { kind: 'threw', error };
  }
}

const matches = (wanted: CommandContext['ifMatch'], revision: number): boolean =>
  wanted === undefined || (wanted === 'exists' ? revision >= 0 : wanted === revision);
