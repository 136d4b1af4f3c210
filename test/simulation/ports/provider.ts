import * as E from 'fp-ts/lib/Either.js';
import {
  type PaymentProvider,
  type ProviderRefused,
  type ProviderSession,
  ProviderUnavailable,
} from '../../../src/consumers/payment/ports/paymentProvider.js';
import { type WebhookEvent, WebhookEventCodec } from '../../../src/consumers/payment/ports/webhookEvent.js';
import type { Host } from '../kernel/host.js';
import type { Network } from '../kernel/network.js';
import { type Movement, refused, Refunds } from './refunds.js';

/** Whoever asks for less gets this; as at Stripe. */
const LEAST_LIFE_MS = 30 * 60_000;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The payment provider itself: sessions, charges, refunds, and a ledger of all money; it tells of each change by webhook. */
export class Provider {
  readonly sessions = new Map<string, Mutable<ProviderSession>>();
  readonly ledger: Movement[] = [];
  readonly refunds: Refunds;
  readonly #listeners: ((sessionId: string) => void)[] = [];
  readonly #paidListeners: ((intentId: string) => void)[] = [];
  #events = 0;

  /**
   * @param now milliseconds since 1970
   * @param tell takes over a webhook that is to be sent
   */
  constructor(
    private readonly now: () => number,
    private readonly tell: (event: WebhookEvent) => void,
  ) {
    this.refunds = new Refunds(this.ledger, ({ type, id, intentId }) =>
      this.tell({ ...this.#event(type), object: { kind: 'refund', id }, intentId }),
    );
  }

  /** Told of every payment page that comes into being. */
  onSession(listener: (sessionId: string) => void): void {
    this.#listeners.push(listener);
  }

  /** Told of every payment page at which somebody has paid what it asks for. */
  onPaid(listener: (intentId: string) => void): void {
    this.#paidListeners.push(listener);
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
    if (more === 0) this.#paid(session);
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
      this.#paid(session);
    } else {
      session.lastError = { code: 'debit_not_authorized', attemptId: session.chargeId ?? '' };
      this.#emit('checkout.session.async_payment_failed', session);
    }
  }

  #paid({ intentId }: ProviderSession): void {
    if (intentId !== undefined) for (const listener of this.#paidListeners) listener(intentId);
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
      ...this.#event(type),
      object: aboutIntent
        ? { kind: 'payment_intent', id: intentId ?? '' }
        : { kind: 'checkout.session', id: sessionId },
      ...(aboutIntent ? {} : { sessionId }),
      ...(intentId === undefined ? {} : { intentId }),
    });
  }

  #event(type: string): Pick<WebhookEvent, 'id' | 'type' | 'createdAt' | 'live'> {
    const id = `evt_${(this.#events += 1)}`;
    return { id, type, createdAt: new Date(this.now()).toISOString(), live: false };
  }
}

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
    refund: (request) => ask(`refund ${request.refundId}`, () => provider.refunds.make(request)),
    getRefund: (id) =>
      ask(
        `get refund ${id}`,
        () => {
          const refund = provider.refunds.all.find(({ providerRefundId }) => providerRefundId === id);
          return refund ? E.right({ ...refund }) : E.left(refused('resource_missing', 'no such refund', 404));
        },
        false,
      ),
    listRefunds: (id) => ask(`list refunds of ${id}`, () => E.right(provider.refunds.ofIntent(id)), false),
    verifyWebhook: (rawBody) => {
      const decoded = WebhookEventCodec.decode(JSON.parse(rawBody.toString('utf8')));
      if (E.isLeft(decoded)) throw new Error('the simulated provider sent what is no webhook');
      return decoded.right;
    },
  };
}
