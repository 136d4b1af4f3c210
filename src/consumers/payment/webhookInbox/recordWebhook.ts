import * as E from 'fp-ts/lib/Either.js';
import type { Executor } from '../../../commands/executor/contract.js';
import type { Clock } from '../../../commands/ports/clock.js';
import { type OrderId, OrderIdCodec, type PaymentId, PaymentIdCodec } from '../../../domain/kernel/ids.js';
import { paymentStream } from '../../../domain/kernel/streams.js';
import { payment } from '../../../domain/payment/index.js';
import { type Issuer, issuerFor } from '../../runtime/issuer.js';
import { observationOf } from '../observation.js';
import { recordDisputes } from '../disputeStates.js';
import { recordRefunds } from '../refundStates.js';
import type { Asked, PaymentProvider, ProviderSession } from '../ports/paymentProvider.js';
import { type WebhookEvent, WebhookEventCodec } from '../ports/webhookEvent.js';
import type { InboxEntry } from './inboxTable.js';
import { tellOfUnknown } from './unknownPayment.js';

export interface RecordWebhookParts {
  readonly executor: Executor;
  readonly clock: Clock;
  readonly provider: PaymentProvider;
  readonly tenant: string;
}

/** Webhooks about checkout sessions and the intents below them. */
const ABOUT_PAYMENT = /^(checkout\.session|payment_intent)\./;
/** Webhooks about money that goes back, because we send it or because its payer wants it. Every other kind is kept, and nothing follows. */
const ABOUT_REFUNDS = /^(refund\.|charge\.refunded$|charge\.refund\.)/;
const ABOUT_DISPUTES = /^charge\.dispute\./;

/**
 * Works one webhook: it is a hint and no more, so the session is read again from the provider, and what the provider says now
 * is recorded by one command. Answers null, or why nothing came of it. Throws system faults: worth another try.
 */
export function recordWebhook({ executor, clock, provider, tenant }: RecordWebhookParts) {
  const issuer = issuerFor('webhook-inbox', 'provider', executor, clock);

  return async ({ eventId, eventType, body }: InboxEntry): Promise<string | null> => {
    const aboutRefunds = ABOUT_REFUNDS.test(eventType);
    const aboutDisputes = ABOUT_DISPUTES.test(eventType);
    if (!ABOUT_PAYMENT.test(eventType) && !aboutRefunds && !aboutDisputes) return `nothing follows from ${eventType}`;
    const event = decodeBody(body);
    if (event === undefined) return 'the stored webhook cannot be read';

    const readAt = clock.now();
    const answer = await sessionOf(event, provider);
    if (answer === undefined) return 'it names neither a session nor an intent';
    if (E.isLeft(answer)) return `the provider refused: ${answer.left.code}: ${answer.left.text}`;
    const session = answer.right;
    if (session === undefined) return 'the provider has no session for this intent';

    const paymentId = PaymentIdCodec.decode(session.metadata.paymentId);
    const orderId = OrderIdCodec.decode(session.metadata.orderId);
    if (E.isLeft(paymentId) || E.isLeft(orderId)) return 'the session belongs to no payment of ours';

    // the provider knows the order, not the request that began it: the order's id holds its story together from here
    const by = issuer({ id: eventId, correlationId: orderId.right, tenant });
    const about = { paymentId: paymentId.right, orderId: orderId.right };
    const record = aboutRefunds ? ofIntent(recordRefunds) : aboutDisputes ? ofIntent(recordDisputes) : recordState;
    const note = await record(session, about, by, { readAt, eventId });
    if (note !== null) await tellOfUnknown({ executor, clock }, by, about.paymentId, session.sessionId);
    return note;
  };

  function ofIntent(record: typeof recordRefunds | typeof recordDisputes): Recording {
    return async ({ intentId }, { paymentId }, by) =>
      intentId === undefined ? 'the session has no intent' : await record(provider, by, paymentId, intentId);
  }
}

/** Records what the provider says of a session. Answers null, or why nothing came of it. */
type Recording = (
  session: ProviderSession,
  about: { readonly paymentId: PaymentId; readonly orderId: OrderId },
  by: Issuer,
  heard: { readonly readAt: string; readonly eventId: string },
) => Promise<string | null>;

const recordState: Recording = async (session, { paymentId, orderId }, { issue }, { readAt, eventId }) => {
  const recorded = await issue(payment, paymentStream(paymentId), 'observe', {
    type: 'RecordProviderState',
    orderId,
    observation: observationOf(session, readAt),
    seenBy: 'webhook',
    providerEventId: eventId,
  });
  return E.isLeft(recorded) ? `the payment refused: ${recorded.left._tag}` : null;
};

function sessionOf(
  { sessionId, intentId, object }: WebhookEvent,
  provider: PaymentProvider,
): Asked<ProviderSession | undefined> | undefined {
  const session = sessionId ?? (object.kind === 'checkout.session' ? object.id : undefined);
  if (session !== undefined) return provider.getSession(session);
  const intent = intentId ?? (object.kind === 'payment_intent' ? object.id : undefined);
  return intent === undefined ? undefined : provider.findSessionByIntent(intent);
}

function decodeBody(body: string): WebhookEvent | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return undefined;
  }
  const decoded = WebhookEventCodec.decode(parsed);
  return E.isRight(decoded) ? decoded.right : undefined;
}
