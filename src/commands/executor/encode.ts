import { type DomainEventShape, type EventMeta, MetadataCodec } from '../../domain/kernel/envelope.js';
import type { EventCodec } from '../../domain/kernel/eventCodec.js';
import { eventIdOf } from '../identity.js';
import type { EventToAppend } from '../ports/eventStore.js';
import type { CommandContext } from './contract.js';

/** An event that was decided and is not stored yet. */
export interface Decided {
  readonly id: string;
  readonly revision: number;
  readonly event: DomainEventShape;
  readonly meta: EventMeta;
}

/** Gives the events of one command their ids, revisions and envelopes, in memory and in the form that is stored. */
export function encode(
  codec: EventCodec<DomainEventShape>,
  context: CommandContext,
  events: readonly DomainEventShape[],
  after: number,
): { readonly events: readonly Decided[]; readonly append: readonly EventToAppend[] } {
  const decided: Decided[] = [];
  const append: EventToAppend[] = [];
  for (const [index, event] of events.entries()) {
    const { type, v, data } = codec.encode(event);
    const meta = metaOf(context, v);
    const metadata = MetadataCodec.encode(meta);
    const id = eventIdOf(context.commandId, index, [type, data, metadata]);
    decided.push({ id, revision: after + 1 + index, event, meta });
    append.push({ id, type, data, metadata });
  }
  return { events: decided, append };
}

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
