import type { Aggregate, RejectionShape } from '../../domain/kernel/aggregate.js';
import type { DomainEventShape, EventMeta, Recorded } from '../../domain/kernel/envelope.js';
import type { EventStore } from '../ports/eventStore.js';
import { decodeStored } from '../replay/decodeStored.js';
import type { EventOrigin } from './contract.js';

/** An aggregate whose types the executor does not look at: it is the same that wrote the stream's events. */
export type AnyAggregate = Aggregate<unknown, unknown, DomainEventShape, RejectionShape>;

/** Where a command's last event stands. */
export interface Done {
  readonly revision: number;
  readonly position: bigint;
}

/** What memory holds of a stream. Never changed in place: who holds one may keep it. */
export interface StreamState {
  readonly state: unknown;
  /** −1: there is no stream. */
  readonly revision: number;
  readonly first: EventOrigin | null;
  /** The newest command ids in the stream, oldest first. */
  readonly recent: ReadonlyMap<string, Done>;
  /** Revision of the newest snapshot that is stored or being stored; −1: none. */
  readonly snapshotRevision: number;
}

/** How many command ids are kept for each stream. */
export const RECENT_COMMANDS = 256;

export const emptyStream = (aggregate: AnyAggregate): StreamState => ({
  state: aggregate.initial,
  revision: -1,
  first: null,
  recent: new Map(),
  snapshotRevision: -1,
});

/** The command ids after further events, bounded to the newest {@link RECENT_COMMANDS}. */
export function remember(
  recent: ReadonlyMap<string, Done>,
  events: Iterable<Recorded<DomainEventShape>>,
): ReadonlyMap<string, Done> {
  const next = new Map(recent);
  for (const { meta, revision, position } of events) note(next, meta.commandId, { revision, position });
  return next;
}

function note(recent: Map<string, Done>, commandId: string, done: Done): void {
  recent.delete(commandId);
  recent.set(commandId, done);
  if (recent.size > RECENT_COMMANDS) for (const oldest of recent.keys()) return void recent.delete(oldest);
}

/** What the first event of a stream says of the request behind it. */
export const originOf = (meta: EventMeta): EventOrigin => ({
  commandId: meta.commandId,
  actor: meta.actor,
  ...(meta.keyHash !== undefined && { keyHash: meta.keyHash }),
  ...(meta.bodyHash !== undefined && { bodyHash: meta.bodyHash }),
});

/**
 * Reads what the stream holds after `from` and evolves it on.
 *
 * @returns `from` itself where nothing came after it
 * @throws StoreUnavailable, UnreadableEvent
 */
export async function readOn(
  eventStore: EventStore,
  aggregate: AnyAggregate,
  stream: string,
  from: StreamState,
): Promise<StreamState> {
  let { state, revision, first } = from;
  const recent = new Map(from.recent);
  const start = from.revision < 0 ? {} : { fromRevision: from.revision + 1 };
  for await (const stored of eventStore.read(stream, start)) {
    if (stored.revision !== revision + 1) throw new MissingEvents(stream, revision + 1, stored.revision);
    const { event, meta, position } = decodeStored(aggregate.codec, stored);
    state = aggregate.evolve(state, event);
    revision = stored.revision;
    first ??= originOf(meta);
    note(recent, meta.commandId, { revision, position });
  }
  return revision === from.revision ? from : { ...from, state, revision, first, recent };
}

/** Somebody truncated or deleted a stream that decisions rest on. */
export class MissingEvents extends Error {
  override readonly name = 'MissingEvents';
  constructor(
    readonly stream: string,
    readonly wanted: number,
    readonly found: number,
  ) {
    super(`${stream} lacks event ${wanted}: the next one that it holds is ${found}`);
  }
}
