import * as E from 'fp-ts/lib/Either.js';
import type { PaymentId } from '../../domain/kernel/ids.js';
import { orderStream, paymentStream } from '../../domain/kernel/streams.js';
import { order } from '../../domain/order/index.js';
import {
  type ExistingPayment,
  payment,
  type Payment,
  type PaymentCommand,
  type Refund,
} from '../../domain/payment/index.js';
import { toPayment } from '../engine/step.js';
import type { Related } from '../engine/related.js';
import type { History } from '../ports/history.js';
import type { Leftovers } from '../ports/leftovers.js';
import type { BookedDispute, BookedRefund, BookedSession, ProviderBooks } from '../ports/providerBooks.js';
import { addMilliseconds } from '../time.js';
import type { Finding } from './finding.js';
import { counterOf, leftBehind, unasked, uncounted } from './uncountedMoney.js';

export interface MoneyParts {
  readonly books: Pick<ProviderBooks, 'sessions' | 'refunds' | 'disputes'>;
  readonly related: Related;
  readonly history: History;
}

/** For so long an order may take to hear of its money. */
const COUNT_PATIENCE_MS = 15 * 60_000;

/**
 * What the provider has in its books from a moment on and our payments have not: its own word mends it. And what a payment
 * knows and its order does not: whoever counts it hears of it again.
 */
export async function* moneyFindings(
  { books, related, history }: MoneyParts,
  now: string,
  since: string,
): AsyncIterable<Finding> {
  const before = addMilliseconds(now, -COUNT_PATIENCE_MS);
  const stateOf = (id: PaymentId): Promise<Payment> => related.latest(payment, paymentStream(id));
  for await (const session of books.sessions(since)) {
    const { paymentId, orderId } = session;
    const state = await stateOf(paymentId);
    const missing = missingOfSession(session, state);
    yield* missing;
    if (missing.length > 0 || !hasMoney(state)) continue;
    const its = await related.latest(order, orderStream(orderId));
    if (its.status === 'none') continue;
    const ofPayment = () => history(paymentStream(paymentId));
    for (const recorded of await leftBehind(state, its, {
      ofOrder: () => history(orderStream(orderId)),
      ofPayment,
    })) {
      if (recorded.meta.at >= before) continue;
      yield {
        key: `left behind ${recorded.id}`,
        about: { paymentId, orderId },
        text: `another amount was paid than was asked for, and neither counts nor goes back: ${recorded.event.type} at ${recorded.meta.at}`,
        again: { process: 'confirming', recorded },
      };
    }
    for (const recorded of await unasked(state, its, related, ofPayment)) {
      if (recorded.meta.at >= before) continue;
      yield {
        key: `unasked ${recorded.id}`,
        about: { paymentId, orderId },
        text: `another amount was paid than was asked for, and nobody is asked to decide on it: ${recorded.event.type} at ${recorded.meta.at}`,
        again: { process: 'tasks', recorded },
      };
    }
    const untold = await uncounted(state, its, ofPayment);
    for (const recorded of untold) {
      if (recorded.meta.at >= before) continue;
      yield {
        key: `uncounted ${recorded.id}`,
        about: { paymentId, orderId },
        text: `the order was never told of its money: ${recorded.event.type} at ${recorded.meta.at}`,
        again: { process: counterOf(recorded), recorded },
      };
    }
  }
  for await (const refund of books.refunds(since)) yield* missingOfRefund(refund, await stateOf(refund.paymentId));
  for await (const dispute of books.disputes(since)) {
    yield* missingOfDispute(dispute, await stateOf(dispute.paymentId));
  }
}

const hasMoney = (state: Payment): boolean =>
  state.status !== 'none' &&
  (state.status === 'authorized' || state.captures.length > 0 || state.mismatches.length > 0);

/** For so long a refund that was approved may be on its way to the provider. */
const REFUND_PATIENCE_MS = 15 * 60_000;

/**
 * How the refunds that are on their way stand with the provider, however long ago they were made: a bank takes its time, and
 * the webhook that tells how it ended may get lost. So may the message that was to have it made: what was approved a while ago
 * and the provider does not know is made now.
 */
export async function* refundFindings(
  books: ProviderBooks,
  leftovers: Pick<Leftovers, 'refundsUnderWay'>,
  related: Related,
  now: string,
): AsyncIterable<Finding> {
  const approvedBefore = addMilliseconds(now, -REFUND_PATIENCE_MS);
  for (const paymentId of await leftovers.refundsUnderWay()) {
    const state = await related.latest(payment, paymentStream(paymentId));
    for (const intentId of intentsRefunding(state)) {
      const known = await books.refundsOf(paymentId, intentId);
      for (const refund of known) yield* missingOfRefund(refund, state);
      const made = new Set(known.map(({ refundId }) => refundId));
      for (const refund of approvedOf(state, intentId)) {
        const { refundId, approvedAt, requestedAt } = refund;
        if (!made.has(refundId) && (approvedAt ?? requestedAt) < approvedBefore)
          yield neverMade(paymentId, state, refund);
      }
    }
  }
}

const refundsOf = (state: Payment): readonly Refund[] => (state.status === 'none' ? [] : state.refunds);

const intentsRefunding = (state: Payment): ReadonlySet<string> =>
  new Set(
    refundsOf(state)
      .filter((one) => one.state === 'approved' || one.state === 'submitted')
      .map((one) => one.intentId),
  );

const approvedOf = (state: Payment, intentId: string): readonly Refund[] =>
  refundsOf(state).filter((one) => one.state === 'approved' && one.intentId === intentId);

/** A refund that was approved and that nobody has asked the provider for. */
function neverMade(paymentId: PaymentId, state: Payment, refund: Refund): Finding {
  const { refundId, intentId, amount, requestedAt, approvedAt = requestedAt } = refund;
  const orderId = state.status === 'none' ? undefined : orderOf(state, intentId);
  return {
    key: `unmade ${refundId}`,
    about: { paymentId, refundId, ...(orderId === undefined ? {} : { orderId }) },
    text: `refund ${refundId} was approved at ${approvedAt}, and the provider was never asked for it`,
    ...(orderId === undefined ? {} : { refund: { refundId, paymentId, orderId, intentId, requestedAt, amount } }),
  };
}

const orderOf = ({ opening, captures }: ExistingPayment, intentId: string) =>
  opening?.orderId ?? captures.find((one) => one.intentId === intentId)?.orderId;

/** A session that says something which its payment does not know. */
export function missingOfSession(session: BookedSession, state: Payment): readonly Finding[] {
  const { paymentId, orderId, observation } = session;
  const { sessionId, held } = observation;
  const told = { type: 'RecordProviderState', orderId, observation, seenBy: 'reconcile' } as const;
  if (state.status === 'none') {
    // nobody pays by a session that is open or over
    return observation.paymentStatus === 'paid' || held === 'authorized'
      ? [unknown(paymentId, `session ${sessionId}`, `the provider has money by session ${sessionId}`)]
      : [];
  }
  if (state.status === 'authorized' && state.wish !== undefined && held === 'authorized') {
    return [
      {
        key: `held ${paymentId}`,
        about: { paymentId, orderId },
        text: `the provider was asked to ${state.wish === 'capture' ? 'take' : 'let go'} what it holds, and holds it still`,
      },
    ];
  }
  return missing(paymentId, state, told, `session ${sessionId}`, { orderId });
}

/** A refund that stands otherwise with the provider than with us, or that we do not know. */
export function missingOfRefund({ paymentId, ...refund }: BookedRefund, state: Payment): readonly Finding[] {
  const name = `refund ${refund.providerRefundId ?? ''}`;
  return missing(paymentId, state, { type: 'RecordRefundState', ...refund }, name);
}

export function missingOfDispute({ paymentId, ...dispute }: BookedDispute, state: Payment): readonly Finding[] {
  return missing(paymentId, state, { type: 'RecordDispute', ...dispute }, `dispute ${dispute.disputeId}`);
}

/** The payment itself says whether it is told something new. */
function missing(
  paymentId: PaymentId,
  state: Payment,
  told: PaymentCommand,
  name: string,
  about: Pick<Finding['about'], 'orderId'> = {},
): readonly Finding[] {
  const decision = payment.decide(told, state);
  if (E.isLeft(decision)) {
    return [unknown(paymentId, name, `the provider has ${name}, and the payment refuses it: ${decision.left._tag}`)];
  }
  if (decision.right.length === 0) return [];
  const types = decision.right.map(({ type }) => type).join(' + ');
  return [
    {
      key: `${name} ${types}`,
      about: { ...about, paymentId },
      text: `${name} is not recorded: ${types}`,
      mend: toPayment(paymentId, name, told),
    },
  ];
}

const unknown = (paymentId: PaymentId, key: string, text: string): Finding => ({
  key: `unknown ${key}`,
  about: { paymentId },
  text,
});
