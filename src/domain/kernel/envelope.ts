import * as t from 'io-ts';

const ActorCodec = t.intersection([
  t.type({
    kind: t.keyof({
      customer: null,
      staff: null,
      kitchen: null,
      admin: null,
      auditor: null,
      merchant: null,
      system: null,
      provider: null,
    }),
    id: t.string,
  }),
  t.partial({ via: t.string }),
]);
/** Who did it; `id` is a pseudonym such as `admin/local` or `system/placing`. */
export type Actor = t.TypeOf<typeof ActorCodec>;

/** What is known of an event besides its data. Stored as the event's metadata, see {@link MetadataCodec}. */
export interface EventMeta {
  /** Schema version of this event type. */
  readonly v: number;
  /** When it happened: RFC 3339, UTC, milliseconds. Informational; order is revision and position. */
  readonly at: string;
  readonly commandId: string;
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly actor: Actor;
  readonly reason?: string;
  readonly tenant: string;
  readonly location?: string;
  readonly traceparent?: string;
  /** Hashes of the Idempotency-Key and of the canonical body that the command came with. */
  readonly keyHash?: string;
  readonly bodyHash?: string;
}

/** The stored form: correlation and causation stand under EventStoreDB's own names. */
const StoredMetadata = t.intersection([
  t.type({
    v: t.number,
    at: t.string,
    commandId: t.string,
    $correlationId: t.string,
    $causationId: t.union([t.string, t.null]),
    actor: ActorCodec,
    tenant: t.string,
  }),
  t.partial({
    reason: t.string,
    location: t.string,
    traceparent: t.string,
    keyHash: t.string,
    bodyHash: t.string,
  }),
]);
type StoredMetadata = t.TypeOf<typeof StoredMetadata>;

/** Named one by one: taking an object apart and putting it together again by rest and spread costs as much as checking it. */
function metaOf(stored: StoredMetadata): EventMeta {
  const { v, at, commandId, actor, tenant, reason, location, traceparent, keyHash, bodyHash } = stored;
  return {
    v,
    at,
    commandId,
    correlationId: stored.$correlationId,
    causationId: stored.$causationId,
    actor,
    tenant,
    ...(reason === undefined ? undefined : { reason }),
    ...(location === undefined ? undefined : { location }),
    ...(traceparent === undefined ? undefined : { traceparent }),
    ...(keyHash === undefined ? undefined : { keyHash }),
    ...(bodyHash === undefined ? undefined : { bodyHash }),
  };
}

/** Decodes stored metadata to {@link EventMeta} and encodes it back. */
export const MetadataCodec = new t.Type<EventMeta, StoredMetadata, unknown>(
  'EventMeta',
  (value): value is EventMeta => typeof value === 'object' && value !== null && 'correlationId' in value,
  (value, context) => {
    // `validate` keeps the way to every value for the sake of its errors, which costs more than asking
    const decoded = StoredMetadata.is(value) ? t.success(value) : StoredMetadata.validate(value, context);
    if (decoded._tag === 'Left') return decoded;
    return t.success(metaOf(decoded.right));
  },
  ({ correlationId, causationId, ...rest }) => ({ ...rest, $correlationId: correlationId, $causationId: causationId }),
);

/** An event of the domain: a past-tense type and plain JSON data. */
export interface DomainEventShape {
  readonly type: string;
  readonly data: unknown;
}

/** A domain event together with its place in the store. `position` is the commit position in `$all`. */
export interface Recorded<Event extends DomainEventShape> {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: bigint;
  readonly event: Event;
  readonly meta: EventMeta;
}
