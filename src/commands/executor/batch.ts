import type { RetryPolicy } from 'cockatiel';
import * as E from 'fp-ts/lib/Either.js';
import type { DomainEventShape, Recorded } from '../../domain/kernel/envelope.js';
import { isFreshCommandId } from '../identity.js';
import { AppendOutcomeUnknown, type Appended, type EventStore, WrongExpectedRevision } from '../ports/eventStore.js';
import { answer, place } from './answers.js';
import { type Plan, planBatch } from './plan.js';
import type { StreamCache } from './streamCache.js';
import type { StreamLoader } from './streamLoader.js';
import { type AnyAggregate, emptyStream, originOf, remember, type StreamState } from './streamState.js';
import type { Waiting } from './waiting.js';

export interface BatchTools {
  readonly eventStore: EventStore;
  readonly cache: StreamCache;
  readonly loader: StreamLoader;
  readonly conflictRetries: RetryPolicy;
  readonly storeRetries: RetryPolicy;
  readonly maxBytes: number;
  /** Told of every append, before its commands are answered. */
  readonly committed: (
    aggregate: AnyAggregate,
    stream: string,
    after: StreamState,
    events: readonly Recorded<DomainEventShape>[],
  ) => void;
}

/** What a batch is decided on. `fresh`: read from the store for this batch, so a refusal may rest on it. */
interface Base {
  readonly stream: StreamState;
  readonly fresh: boolean;
}

/**
 * Decides a batch, stores its events in one append and answers its commands. Never rejects.
 *
 * @returns how many commands, from the first on, were answered: fewer than given where they do not fit into one append
 */
export async function carryOut(
  tools: BatchTools,
  aggregate: AnyAggregate,
  stream: string,
  batch: readonly Waiting[],
): Promise<number> {
  let taken = batch;
  let base: Base | undefined;
  let conflict: WrongExpectedRevision | undefined;

  async function tryOnce(): Promise<void> {
    base =
      base && conflict
        ? await afterConflict(tools, aggregate, stream, base.stream, conflict)
        : await startingPoint(tools, aggregate, stream, batch);
    let plan = planBatch(aggregate, base.stream, taken, tools.maxBytes);
    if (!base.fresh && restsOnMemory(plan)) {
      base = { stream: await tools.loader.tail(aggregate, stream, base.stream), fresh: true };
      plan = planBatch(aggregate, base.stream, taken, tools.maxBytes);
    }
    taken = taken.slice(0, plan.steps.length);
    const appended = await append(tools, stream, base.stream, plan, taken);
    settle(tools, aggregate, stream, base.stream, plan, taken, appended);
  }

  try {
    await tools.conflictRetries.execute(() =>
      tryOnce().catch((error: unknown) => {
        if (error instanceof WrongExpectedRevision) conflict = error;
        throw error;
      }),
    );
  } catch (error) {
    if (error instanceof WrongExpectedRevision) {
      for (const waiting of taken) waiting.answer(E.left({ _tag: 'ConcurrencyConflict', stream }));
    } else {
      // what was sent may be stored or not: nothing that memory holds of the stream can be trusted
      tools.cache.drop(stream);
      for (const waiting of taken) waiting.fail(error);
    }
  }
  return taken.length;
}

async function startingPoint(
  { cache, loader }: BatchTools,
  aggregate: AnyAggregate,
  stream: string,
  batch: readonly Waiting[],
): Promise<Base> {
  const cached = cache.get(stream);
  if (cached) return { stream: cached, fresh: false };
  const first = batch[0]?.context;
  if (first?.creates === true && isFreshCommandId(first.commandId)) {
    return { stream: emptyStream(aggregate), fresh: false };
  }
  return { stream: await loader.whole(aggregate, stream), fresh: true };
}

async function afterConflict(
  { cache, loader }: BatchTools,
  aggregate: AnyAggregate,
  stream: string,
  base: StreamState,
  { actual }: WrongExpectedRevision,
): Promise<Base> {
  const standsAt = actual === 'no_stream' ? -1 : actual;
  // memory, or a snapshot, is ahead of the log: the store was put back to an earlier time
  if (standsAt < base.revision) {
    cache.drop(stream);
    return { stream: await loader.whole(aggregate, stream, { snapshot: false }), fresh: true };
  }
  return { stream: await loader.tail(aggregate, stream, base), fresh: true };
}

/**
 * Whether an answer rests on remembered state alone. Where events are appended, the expected revision proves the
 * memory right for the refusals beside them too, and no read is needed.
 */
const restsOnMemory = ({ append, steps }: Plan): boolean =>
  append.length === 0 && steps.some(({ kind }) => kind === 'refused' || kind === 'noop');

/** Stores a plan's events; on silence the identical append again, never another decision. */
async function append(
  { eventStore, storeRetries }: BatchTools,
  stream: string,
  base: StreamState,
  plan: Plan,
  taken: readonly Waiting[],
): Promise<Appended | undefined> {
  if (plan.append.length === 0) return undefined;
  const expected = base.revision < 0 ? 'no_stream' : base.revision;
  return storeRetries.execute(async () => {
    try {
      return await eventStore.append(stream, plan.append, expected);
    } catch (error) {
      if (error instanceof AppendOutcomeUnknown) markSent(plan, taken);
      throw error;
    }
  });
}

function markSent({ steps }: Plan, taken: readonly Waiting[]): void {
  taken.forEach((waiting, index) => {
    const step = steps[index];
    if (step?.kind === 'writes') waiting.sent = step.events;
  });
}

function settle(
  tools: BatchTools,
  aggregate: AnyAggregate,
  stream: string,
  base: StreamState,
  { steps, state, revision }: Plan,
  taken: readonly Waiting[],
  appended: Appended | undefined,
): void {
  const position = appended?.position ?? null;
  const decided = steps.flatMap((step) => (step.kind === 'writes' ? step.events : []));
  const events = position === null ? [] : place(stream, decided, position);
  const after: StreamState = {
    ...base,
    state,
    revision,
    first: base.first ?? (events[0] ? originOf(events[0].meta) : null),
    recent: events.length > 0 ? remember(base.recent, events) : base.recent,
  };
  if (revision >= 0) tools.cache.offer(stream, after);
  if (events.length > 0) tools.committed(aggregate, stream, after, events);
  const target = { eventStore: tools.eventStore, aggregate, stream };
  taken.forEach((waiting, index) => {
    const step = steps[index];
    if (step) answer(target, waiting, step, base, position);
  });
}
