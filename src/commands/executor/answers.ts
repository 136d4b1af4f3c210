import * as E from 'fp-ts/lib/Either.js';
import type { DomainEventShape, Recorded } from '../../domain/kernel/envelope.js';
import type { EventStore } from '../ports/eventStore.js';
import { stateAtRevision } from '../replay/fold.js';
import type { Committed } from './contract.js';
import type { Decided } from './encode.js';
import type { Step } from './plan.js';
import { type AnyAggregate, type Done, MissingEvents, type StreamState } from './streamState.js';
import type { Outcome, Waiting } from './waiting.js';

/** The stream that a batch was carried out on. */
export interface Target {
  readonly eventStore: EventStore;
  readonly aggregate: AnyAggregate;
  readonly stream: string;
}

/** Events with their place in the log. */
export const place = (
  stream: string,
  events: readonly Decided[],
  position: bigint,
): readonly Recorded<DomainEventShape>[] => events.map((decided) => ({ ...decided, stream, position }));

/**
 * Answers one command of a batch, now that its step is certain: appended, or resting on what was appended or read.
 *
 * @param base what the batch was decided on
 * @param position of the batch's append; null where it wrote nothing
 */
export function answer(target: Target, waiting: Waiting, step: Step, base: StreamState, position: bigint | null): void {
  switch (step.kind) {
    case 'writes': {
      const { revision, state } = step;
      const events = place(target.stream, step.events, position ?? 0n);
      return waiting.answer(E.right({ revision, position, state, events, repeated: false }));
    }
    case 'noop': {
      const { revision, state } = step;
      return waiting.answer(E.right({ revision, position: null, state, events: [], repeated: false }));
    }
    case 'refused':
      return waiting.answer(E.left(step.rejection));
    case 'threw':
      return waiting.fail(step.error);
    case 'again': {
      const { revision, state } = step.earlier;
      return waiting.answer(E.right({ revision, position, state, events: [], repeated: true }));
    }
    case 'stored':
      return waiting.answer(answerStored(target, waiting, step.done, base));
  }
}

/** The outcome of a command that the stream holds: as of its own last event, however far the stream went on. */
async function answerStored(
  { eventStore, aggregate, stream }: Target,
  { sent }: Waiting,
  { revision, position }: Done,
  base: StreamState,
): Promise<Outcome> {
  const past = revision === base.revision ? base : await stateAtRevision(eventStore, aggregate, stream, revision);
  if (!past) throw new MissingEvents(stream, revision, -1);
  const own = sent && (await holds(eventStore, stream, sent)) ? sent : undefined;
  const committed: Committed<unknown, DomainEventShape> = {
    revision,
    position,
    state: past.state,
    events: own ? place(stream, own, position) : [],
    repeated: own === undefined,
  };
  return E.right(committed);
}

/** Whether the stream holds these very events: at their place somebody else may have stored the same command's. */
async function holds(eventStore: EventStore, stream: string, sent: readonly Decided[]): Promise<boolean> {
  const [first] = sent;
  if (!first) return false;
  for await (const { id } of eventStore.read(stream, { fromRevision: first.revision, maxCount: 1 })) {
    return id === first.id;
  }
  return false;
}
