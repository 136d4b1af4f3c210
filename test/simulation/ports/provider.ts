import * as E from 'fp-ts/lib/Either.js';
import {
  type PaymentProvider,
  type ProviderRefund,
  type ProviderRefused,
  type ProviderSession,
  ProviderUnavailable,
} from '../../../src/consumers/payment/ports/paymentProvider.js';
import { type WebhookEvent, WebhookEventCodec } from '../../../src/consumers/payment/ports/webhookEvent.js';
import type { Host } from '../kernel/host.js';
import type { Network } from '../kernel/network.js';

/** Whoever asks for less gets this; as at Stripe. */
const LEAST_LIFE_MS = 30 * 60_000;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What money did at the provider. */
export interface Movement {
  readonly kind: 'charge' | 'refund';
  readonly intentId: string;
  readonly amount: number;
}

/** The payment provider itself: sessions, charges, refunds, and a ledger of all money; it tells of each change by webhook. */
export class Provider {
  readonly sessions = new Map<string, Mutable<ProviderSession>>();
  readonly ledger: Movement[] = [];
  readonly refunds = new Map<string, Mutable<ProviderRefund>>();
  readonly #listeners: ((sessionId: string) => void)[] = [];
  readonly #refundListeners: ((refundId: string) => void)[] = [];
  #events = 0;

  /**
   * @param now milliseconds since 1970
   * @param tell takes over a webhook that is to be sent
   */
  constructor(
    private readonly now: () => number,
    private readonly tell: (event: WebhookEvent) => void,
  ) {}

  /** Told of every payment page that comes into being. */
  onSession(listener: (sessionId: string) => void): void {
    this.#listeners.push(listener);
  }

  /** Told of every refund that the bank has still to make. */
  onRefund(listener: (refundId: string) => void): void {
    this.#refundListeners.push(listener);
  }

  create(request: Parameters<PaymentProvider['createSession']>[0]): ProviderSession {
    const sessionId = `cs_${request.paymentId}_${request.attempt}`;
    const known = this.find(sessionId);
    if (known) return known;
    const expiresAt = new Date(Math.max(Date.parse(request.expiresAt), this.now() + LEAST_LIFE_MS)).toISOString();
    const session: ProviderSession = {
      sessionId,
      url: `http://pay/${sessionId}`,
      status: 'open',
      paymentStatus: 'unpaid',
      amount: request.amount,
      expiresAt,
      metadata: { orderId: request.orderId, paymentId: request.paymentId },
    };
    this.sessions.set(sessionId, session);
    for (const listener of this.#listeners) listener(sessionId);
    return { ...session };
  }

  find(sessionId: string): ProviderSession | undefined {
    const session = this.sessions.get(sessionId);
    if (session?.status === 'open' && Date.parse(session.expiresAt) <= this.now()) this.expire(sessionId);
    return session && { ...session };
  }

  expire(sessionId: string): void {
    const session = this.sessions.get(sessionId);
    if (session?.status !== 'open') return;
    session.status = 'expired';
    session.url = undefined;
    this.#emit('checkout.session.expired', session);
  }

  /** The payer pays, `more` than was asked for perhaps; answers whether the session still took it. */
  pay(sessionId: string, more = 0): boolean {
    if (this.find(sessionId)?.status !== 'open') return false;
    const session = this.#completed(sessionId, 'card');
    session.amount = { ...session.amount, amount: session.amount.amount + more };
    session.paymentStatus = 'paid';
    delete session.lastError;
    this.ledger.push({ kind: 'charge', intentId: session.intentId ?? '', amount: session.amount.amount });
    this.#emit('payment_intent.succeeded', session);
    this.#emit('checkout.session.completed', session);
    return true;
  }

  /** The payer's card is declined; the session stays open. */
  decline(sessionId: string): void {
    const session = this.sessions.get(sessionId);
    if (!session || this.find(sessionId)?.status !== 'open') return;
    const attemptId = `ch_${sessionId}_${(this.#events += 1)}`;
    session.intentId = `pi_${sessionId}`;
    session.lastError = { code: 'card_declined', declineCode: 'generic_decline', attemptId };
    this.#emit('payment_intent.payment_failed', session);
  }

  /** A transfer begins, which ends later. */
  process(sessionId: string): boolean {
    if (this.find(sessionId)?.status !== 'open') return false;
    this.#emit('checkout.session.completed', this.#completed(sessionId, 'sepa_debit'));
    return true;
  }

  /** A transfer ends: the money is there, or it never comes. */
  settle(sessionId: string, paid: boolean): void {
    const session = this.sessions.get(sessionId);
    if (session?.status !== 'complete' || session.paymentStatus !== 'unpaid' || session.lastError) return;
    if (paid) {
      session.paymentStatus = 'paid';
      this.ledger.push({ kind: 'charge', intentId: session.intentId ?? '', amount: session.amount.amount });
      this.#emit('checkout.session.async_payment_succeeded', session);
    } else {
      session.lastError = { code: 'debit_not_authorized', attemptId: session.chargeId ?? '' };
      this.#emit('checkout.session.async_payment_failed', session);
    }
  }

  /** Gives money back, once for each refund id. */
  refund(request: Parameters<PaymentProvider['refund']>[0]): E.Either<ProviderRefused, ProviderRefund> {
    const { refundId, paymentId, orderId, intentId, amount } = request;
    const known = this.refunds.get(refundId);
    if (known) return E.right({ ...known });
    const balance = this.balanceOf(intentId);
    if (balance < amount.amount) return E.left(refused('charge_already_refunded', 'more than was charged', 400));
    this.ledger.push({ kind: 'refund', intentId, amount: amount.amount });
    const made: Mutable<ProviderRefund> = {
      providerRefundId: `re_${refundId}`,
      status: 'pending',
      amount,
      intentId,
      metadata: { orderId, paymentId, refundId },
    };
    this.refunds.set(refundId, made);
    for (const listener of this.#refundListeners) listener(refundId);
    return E.right({ ...made });
  }

  /** The bank has made a refund: at once, or some time later. */
  refunded(refundId: string): void {
    const refund = this.refunds.get(refundId);
    if (refund?.status !== 'pending') return;
    refund.status = 'succeeded';
    this.tell({
      id: `evt_${(this.#events += 1)}`,
      type: 'refund.updated',
      createdAt: new Date(this.now()).toISOString(),
      live: false,
      object: { kind: 'refund', id: refund.providerRefundId },
      ...(refund.intentId === undefined ? {} : { intentId: refund.intentId }),
    });
  }

  /** Charged less refunded. */
  balanceOf(intentId: string): number {
    return this.ledger
      .filter((movement) => movement.intentId === intentId)
      .reduce((sum, { kind, amount }) => (kind === 'charge' ? sum + amount : sum - amount), 0);
  }

  #completed(sessionId: string, method: string): Mutable<ProviderSession> {
    const session = this.sessions.get(sessionId);
    if (!session) throw new Error(`there is no session ${sessionId}`);
    Object.assign(session, { status: 'complete', url: undefined, method });
    Object.assign(session, { intentId: `pi_${sessionId}`, chargeId: `ch_${sessionId}` });
    return session;
  }

  #emit(type: string, session: ProviderSession): void {
    const { sessionId, intentId } = session;
    const aboutIntent = type.startsWith('payment_intent');
    this.tell({
      id: `evt_${(this.#events += 1)}`,
      type,
      createdAt: new Date(this.now()).toISOString(),
      live: false,
      object: aboutIntent
        ? { kind: 'payment_intent', id: intentId ?? '' }
        : { kind: 'checkout.session', id: sessionId },
      ...(aboutIntent ? {} : { sessionId }),
      ...(intentId === undefined ? {} : { intentId }),
    });
  }
}

const refused = (code: string, text: string, status: number): ProviderRefused => ({
  _tag: 'ProviderRefused',
  code,
  text,
  status,
});

/** The provider as one process reaches it. */
export function providerFor(host: Host, provider: Provider, network: Network): PaymentProvider {
  const unavailable = (): Error => new ProviderUnavailable('the provider does not answer');
  const ask = <T>(label: string, serve: () => T, changes = true): Promise<T> =>
    network.call<T>(host, {
      service: 'provider',
      label,
      failures: changes ? { unavailable, unknown: unavailable } : { unavailable },
      serve: (reply) => reply.answer(serve()),
    });
  const found = (session: ProviderSession | undefined): E.Either<ProviderRefused, ProviderSession> =>
    session ? E.right(session) : E.left(refused('resource_missing', 'no such session', 404));
  const byIntent = (intentId: string) =>
    [...provider.sessions.values()].find((session) => session.intentId === intentId);
  const byPayment = (paymentId: string) =>
    [...provider.sessions.values()].reverse().find(({ metadata }) => metadata.paymentId === paymentId);
  const copied = (session: ProviderSession | undefined) => session && { ...session };

  return {
    createSession: (request) => ask(`create session for ${request.paymentId}`, () => E.right(provider.create(request))),
    getSession: (id) => ask(`get session ${id}`, () => found(provider.find(id)), false),
    expireSession: (id) =>
      ask(`expire session ${id}`, () => {
        provider.expire(id);
        return found(provider.find(id));
      }),
    // nobody in the workload orders where money is only held, and nobody disputes
    captureIntent: (_payment, id) =>
      ask(`capture ${id}`, () => E.left(refused('payment_intent_unexpected_state', 'nothing is held', 400))),
    releaseIntent: (_payment, id) =>
      ask(`release ${id}`, () => E.left(refused('payment_intent_unexpected_state', 'nothing is held', 400))),
    listDisputes: (id) => ask(`list disputes of ${id}`, () => E.right([]), false),
    findSessionByPayment: (id) => ask(`find session of ${id}`, () => E.right(copied(byPayment(id))), false),
    findSessionByIntent: (id) => ask(`find session of ${id}`, () => E.right(copied(byIntent(id))), false),
    refund: (request) => ask(`refund ${request.refundId}`, () => provider.refund(request)),
    getRefund: (id) =>
      ask(
        `get refund ${id}`,
        () => {
          const refund = [...provider.refunds.values()].find(({ providerRefundId }) => providerRefundId === id);
          return refund ? E.right(refund) : E.left(refused('resource_missing', 'no such refund', 404));
        },
        false,
      ),
    listRefunds: (id) =>
      ask(
        `list refunds of ${id}`,
        () =>
          E.right(
            [...provider.refunds.values()]
              .filter(({ intentId }) => intentId === id)
              .map((refund) => ({ ...refund }))
              .reverse(),
          ),
        false,
      ),
    verifyWebhook: (rawBody) => {
      const decoded = WebhookEventCodec.decode(JSON.parse(rawBody.toString('utf8')));
      if (E.isLeft(decoded)) throw new Error('the simulated provider sent what is no webhook');
      return decoded.right;
    },
  };
}
