import type { RequestHeader } from '../http/route.js';
import type { JsonSchema } from '../schema/schema.js';

interface HeaderDescription {
  readonly description: string;
  readonly schema: JsonSchema;
}

/** What the headers of requests mean. */
export const HEADERS_OF_REQUESTS: Readonly<Record<RequestHeader, HeaderDescription>> = {
  'Idempotency-Key': {
    description:
      'Names the request: a repeat with the same key and body changes nothing, and another body under it is refused. A ' +
      'request that was refused leaves its key free. 1–255 visible ASCII characters.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[!-~]+$' },
  },
  'If-Match': {
    description: 'The ETag that must still hold, or * for "it exists"; else 412.',
    schema: { type: 'string', examples: ['"r3"', '*'] },
  },
  'If-None-Match': { description: 'The ETag that the client has: 304 if it still holds.', schema: { type: 'string' } },
  'Last-Event-ID': {
    description:
      'The id of the last event that the client has seen. Whatever it is, the stream begins with how things stand now, so that nothing is missed.',
    schema: { type: 'string' },
  },
  Prefer: {
    description:
      'wait=N (0–30): answer when an order that is placed can be acted on, when a payment that is asked for can be paid, when ' +
      'the stock of what is added has answered, or when the payment provider has. return=minimal: no body.',
    schema: { type: 'string', examples: ['wait=10'] },
  },
  'Carrier-Signature': {
    description:
      't=<seconds since 1970>,v1=<hex>: HMAC-SHA256 of "<t>.<body>" under the secret agreed with the carrier.',
    schema: { type: 'string' },
  },
  'Stripe-Signature': { description: 'Time and HMAC-SHA256 of the body.', schema: { type: 'string' } },
};

/** What the headers of answers mean. */
export const HEADERS_OF_ANSWERS: Readonly<Record<string, HeaderDescription>> = {
  'X-Request-Id': {
    description: 'The id of the request, ours or the one that came with it.',
    schema: { type: 'string' },
  },
  ETag: { description: 'The revision shown, such as "r3".', schema: { type: 'string' } },
  Location: { description: 'Where the resource is.', schema: { type: 'string' } },
  'Idempotent-Replayed': {
    description: 'true: the same request, by its Idempotency-Key, was carried out before, and nothing was done now.',
    schema: { const: 'true' },
  },
  'Comanda-Position': {
    description:
      'Where in the log it was written; a list that takes `afterPosition` can wait for it. Absent: nothing was.',
    schema: { type: 'string', pattern: '^[0-9]{1,20}$' },
  },
  'Preference-Applied': { description: 'Which preferences were honoured.', schema: { type: 'string' } },
  'Retry-After': { description: 'Seconds after which there may be news.', schema: { type: 'integer' } },
};
