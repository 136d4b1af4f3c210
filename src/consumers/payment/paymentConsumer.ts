import * as E from 'fp-ts/lib/Either.js';
import type { Executor } from '../../commands/executor/contract.js';
import type { Clock } from '../../commands/ports/clock.js';
import type { PaymentId } from '../../domain/kernel/ids.js';
import { orderStream, paymentStream } from '../../domain/kernel/streams.js';
import { order } from '../../domain/order/index.js';
import { payment } from '../../domain/payment/index.js';
import type { OrderAcceptedV1 } from '../contracts/index.js';
import type { ConsumeOptions } from '../ports/messageConsumer.js';
import { decodeMessage } from '../runtime/decodeMessage.js';
import { causeOf, type Issuer, issuerFor } from '../runtime/issuer.js';
import { observationOf } from './observation.js';
import type { PaymentProvider, ProviderSession, SessionRequest } from './ports/paymentProvider.js';

export interface PaymentConsumerParts {
  readonly executor: Executor;
  readonly clock: Clock;
  readonly provider: PaymentProvider;
  /** Where the payer's browser goes after the payment page. */
  readonly returnTo: (paymentId: PaymentId) => { readonly successUrl: string; readonly cancelUrl: string };
}

/** What an accepted order with an amount due asks for. */
interface Due {
  readonly order: OrderAcceptedV1['order'];
  readonly amount: OrderAcceptedV1['amountDue'];
  readonly paymentId: PaymentId;
  readonly dueAt: string;
  /** When the money was asked for: no session of the payment is older. */
  readonly since: string;
  readonly captureMode: 'automatic' | 'manual';
  /** Which payment of the order it is. */
  readonly ordinal: number;
}

/** Where accepted orders, and those of which more is due, wait for their payment to be opened. */
export const PAYMENT_QUEUE = {
  queue: 'payment.order-accepted',
  bindings: ['order.accepted.v1', 'payment.requested.v1'],
};

/**
 * The payment consumer: an accepted order gets its payment opened, a checkout session at the provider, and the link to it.
 * Every step can be repeated: commands by their derived ids, the session by the provider's idempotency key. Where the
 * payment was closed meanwhile, the session just made is closed again.
 */
export function paymentConsumer(parts: PaymentConsumerParts): ConsumeOptions {
  const issuer = issuerFor('payment', 'system', parts.executor, parts.clock);
  return {
    ...PAYMENT_QUEUE,
    prefetch: 32,
    handle: async ({ message }) => {
      const due = dueOf(message);
      if (due) await collect(due, parts, issuer(causeOf(message)));
    },
  };
}

/** What a message asks to be paid; undefined where nothing is due. */
function dueOf(message: Parameters<typeof decodeMessage>[1]): Due | undefined {
  const since = message.time;
  if (message.type === 'payment.requested.v1') {
    const wish = decodeMessage('payment.requested.v1', message);
    // what is asked for after the order was confirmed is not held any more, but taken; what takes the place of another one says it
    return { captureMode: 'automatic', ...wish, since };
  }
  const { order: accepted, amountDue: amount, paymentId, ...terms } = decodeMessage('order.accepted.v1', message);
  const { paymentDueAt: dueAt, captureMode = 'automatic' } = terms;
  if (paymentId === undefined || dueAt === undefined || amount.amount === 0) return undefined;
  return { order: accepted, amount, paymentId, dueAt, since, captureMode, ordinal: 1 };
}

async function collect(due: Due, parts: PaymentConsumerParts, { issue }: Issuer): Promise<void> {
  const { paymentId, dueAt } = due;
  const stream = paymentStream(paymentId);
  const orderId = due.order.id;

  const opened = await issue(payment, stream, 'open', {
    type: 'OpenPayment',
    paymentId,
    orderId,
    amount: due.amount,
    dueAt,
    ...(due.captureMode === 'manual' ? { captureMode: 'manual' } : {}),
    ...(due.ordinal === 1 ? {} : { ordinal: due.ordinal }),
  });
  if (E.isLeft(opened)) return; // closed before it was opened: the order is over

  const readAt = parts.clock.now();
  const answer = await parts.provider.createSession(sessionRequest(due, parts));
  if (E.isLeft(answer)) {
    const { code, text } = answer.left;
    await issue(payment, stream, 'fail', { type: 'RecordSessionFailure', code, text });
    return;
  }
  const session = answer.right;
  const { url } = session;
  const seen = (now: ProviderSession) =>
    issue(payment, stream, 'observe', {
      type: 'RecordProviderState',
      orderId,
      observation: observationOf(now, readAt),
      seenBy: 'poll',
    });
  if (url === undefined) {
    // made by an earlier try, and over by now
    await seen(session);
    return;
  }

  const attached = await issue(payment, stream, 'attach', {
    type: 'AttachSession',
    sessionId: session.sessionId,
    url,
    providerExpiresAt: session.expiresAt,
  });
  if (E.isLeft(attached)) {
    const withdrawn = await parts.provider.expireSession(session.sessionId);
    if (E.isRight(withdrawn) && withdrawn.right.status === 'complete') await seen(withdrawn.right);
    return;
  }
  // refused where the order was cancelled or expired meanwhile: whoever ended it closes the session
  await issue(order, orderStream(orderId), 'link', { type: 'AttachPaymentLink', paymentId, url, expiresAt: dueAt });
}

const sessionRequest = (due: Due, { returnTo }: PaymentConsumerParts): SessionRequest => ({
  paymentId: due.paymentId,
  orderId: due.order.id,
  attempt: 1,
  openedAt: due.since,
  amount: due.amount,
  description: `Order ${due.order.number}`,
  lines: due.order.lines.map(({ name, qty, unitPrice }) => ({ name, quantity: qty, unitPrice })),
  expiresAt: due.dueAt,
  ...(due.captureMode === 'manual' ? { captureMode: 'manual' } : {}),
  ...returnTo(due.paymentId),
});
