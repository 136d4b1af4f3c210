import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type Stripe from 'stripe';
import { BadSignature } from '../../consumers/payment/ports/paymentProvider.js';
import type { WebhookEvent } from '../../consumers/payment/ports/webhookEvent.js';
import { pick, timeOf } from './mapping.js';

export interface WebhookVerification {
  readonly webhooks: Stripe['webhooks'];
  readonly secret: string;
  /** How old a signature may be; Stripe's own default is 300 s. */
  readonly toleranceSeconds: number;
  /** Whether real money is meant: an event of the other kind is refused. */
  readonly live: boolean;
}

/** What names an event: printable, and short enough for a key of a table. */
const Name = t.refinement(t.string, (name) => /^[!-~]{1,255}$/.test(name), 'Name');
const YEAR_10000 = 253_402_300_800;
const Seconds = t.refinement(t.number, (seconds) => seconds >= 0 && seconds < YEAR_10000, 'Seconds');
const Reference = t.union([t.string, t.type({ id: t.string }), t.null, t.undefined]);

/** The parts of an event that are of use whatever its object is. */
const EventCodec = t.type({
  id: Name,
  type: Name,
  created: Seconds,
  livemode: t.boolean,
  data: t.type({
    object: t.intersection([
      t.type({ object: t.string }),
      t.partial({ id: t.string, payment_intent: Reference, metadata: t.union([t.record(t.string, t.string), t.null]) }),
    ]),
  }),
});

/**
 * Checks `Stripe-Signature` over the bytes as they came and reads what the event is about.
 * Throws BadSignature; source: https://docs.stripe.com/webhooks#verify-official-libraries.
 */
export function verifyWebhook(rawBody: Buffer, signature: string, options: WebhookVerification): WebhookEvent {
  const { webhooks, secret, toleranceSeconds, live } = options;
  const event = decoded(rawBody, () => webhooks.constructEvent(rawBody, signature, secret, toleranceSeconds));
  if (event.livemode !== live) {
    throw new BadSignature(`the event is of ${event.livemode ? 'live' : 'test'} mode and the key is not`);
  }
  const { object } = event.data;
  const intentId = object.object === 'payment_intent' ? object.id : idOf(object.payment_intent);
  return {
    id: event.id,
    type: event.type,
    createdAt: timeOf(event.created),
    live: event.livemode,
    object: { kind: object.object, id: object.id ?? '' },
    ...pick(object.metadata ?? null, 'orderId', 'paymentId'),
    ...(object.object === 'checkout.session' && object.id !== undefined ? { sessionId: object.id } : {}),
    ...(intentId === undefined ? {} : { intentId }),
  };
}

function decoded(rawBody: Buffer, verified: () => unknown): t.TypeOf<typeof EventCodec> {
  let event: unknown;
  try {
    event = verified();
  } catch (error) {
    throw new BadSignature('the webhook is not signed as it should be', { cause: error });
  }
  const result = EventCodec.decode(event);
  if (isLeft(result)) throw new BadSignature(`the webhook of ${rawBody.length} bytes is no event of Stripe`);
  return result.right;
}

const idOf = (reference: t.TypeOf<typeof Reference>): string | undefined =>
  typeof reference === 'string' ? reference : reference?.id;
