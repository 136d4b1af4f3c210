import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { PathReporter } from 'io-ts/lib/PathReporter.js';

/** Where every message of Comanda comes from (CloudEvents 1.0, `source`). */
export const SOURCE = '/comanda';

/** The largest message on the wire, in bytes of UTF-8 JSON, envelope included. */
export const MAX_MESSAGE_BYTES = 512 * 1024;

const Envelope = t.intersection([
  t.type({
    specversion: t.literal('1.0'),
    /** The id of the domain event that the message tells of: the same on every republication. */
    id: t.string,
    source: t.string,
    /** Also the routing key, for example `order.created.v1`. */
    type: t.string,
    /** The id of the thing the fact is about, for example `ord_…`. */
    subject: t.string,
    /** RFC 3339, UTC. */
    time: t.string,
    datacontenttype: t.literal('application/json'),
    dataschema: t.string,
    /** Revision of the event in its stream; consumers order by it. */
    streamrevision: t.number,
    /** Position in the whole log, a decimal number as text, for it may exceed 2^53. */
    position: t.string,
    correlationid: t.string,
    causationid: t.string,
    tenant: t.string,
  }),
  t.partial({
    /** W3C Trace Context, `traceparent` (CloudEvents distributed tracing extension). */
    traceparent: t.string,
    location: t.string,
  }),
]);

/**
 * One fact as it travels to other services: CloudEvents 1.0 in structured JSON mode, with Comanda's extension attributes
 * (lower case, as the specification demands). See https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md.
 */
export type CloudEvent<D> = Readonly<t.TypeOf<typeof Envelope>> & { readonly data: D };

/** The envelope with any data; a consumer decodes `data` by the contract that `type` names. */
export const CloudEventEnvelope: t.Type<CloudEvent<unknown>, unknown, unknown> = t.intersection([
  Envelope,
  t.type({ data: t.unknown }),
]);

/** Reads a message as it came from the wire: its envelope, or in words why it is none. The data is not looked at. */
export function decodeCloudEvent(body: string): E.Either<string, CloudEvent<unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch (error) {
    return E.left(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const decoded = CloudEventEnvelope.decode(parsed);
  return E.isRight(decoded) ? decoded : E.left(`not a CloudEvent: ${PathReporter.report(decoded).join('; ')}`);
}
