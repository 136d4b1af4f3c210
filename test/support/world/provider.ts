import * as E from 'fp-ts/lib/Either.js';
import {
  type Asked,
  type PaymentProvider,
  type ProviderDispute,
  type ProviderRefund,
  type ProviderRefused,
  type ProviderSession,
  ProviderUnavailable,
  type RefundRequest,
  type SessionRequest,
} from '../../../src/consumers/payment/ports/paymentProvider.js';

import type { PaymentId } from '../../../src/domain/kernel/ids.js';
import type { Fuse } from './fuse.js';

/** The payment provider's port, in memory, with hands for the payer. */
export class MemoryProvider implements PaymentProvider {
  readonly sessions = new Map<string, ProviderSession>();
  /** Every call, in order: `create pay_…`, `expire cs_1`. */
  readonly calls: string[] = [];
  readonly requests: SessionRequest[] = [];
  readonly refunds = new Map<string, ProviderRefund>();
  disputes: readonly ProviderDispute[] = [];
  refusal: ProviderRefused | undefined;
  /** From now on nothing answers. */
  down = false;

  createSession(request: SessionRequest): Asked<ProviderSession> {
    return this.#answer(`create ${request.paymentId}`, () => {
      if (this.refusal) return E.left(this.refusal);
      this.requests.push(request);
      const { paymentId, orderId, attempt, amount, expiresAt } = request;
      const sessionId = `cs_${paymentId}_${attempt}`;
      const known = this.sessions.get(sessionId);
      if (known) return E.right(known);
      const session: ProviderSession = {
        sessionId,
        url: `http://127.0.0.1/pay/${sessionId}`,
        status: 'open',
        paymentStatus: 'unpaid',
        amount,
        expiresAt,
        metadata: { orderId, paymentId },
      };
      this.sessions.set(sessionId, session);
      return E.right(session);
    });
  }

  getSession(sessionId: string): Asked<ProviderSession> {
    return this.#answer(`get ${sessionId}`, () => this.#found(sessionId));
  }

  expireSession(sessionId: string): Asked<ProviderSession> {
    return this.#answer(`expire ${sessionId}`, () => {
      const session = this.sessions.get(sessionId);
      if (session?.status === 'open') this.#change(session, { status: 'expired', url: undefined });
      return this.#found(sessionId);
    });
  }

  findSessionByIntent(intentId: string): Asked<ProviderSession | undefined> {
    return this.#answer(`find ${intentId}`, () =>
      E.right([...this.sessions.values()].find((session) => session.intentId === intentId)),
    );
  }

  captureIntent = (_payment: PaymentId, intentId: string): Asked<void> =>
    this.#answer(`capture ${intentId}`, () => this.#end(intentId, { paymentStatus: 'paid', held: undefined }));

  releaseIntent = (_payment: PaymentId, intentId: string): Asked<void> =>
    this.#answer(`release ${intentId}`, () => this.#end(intentId, { held: 'released' }));

  listDisputes = (intentId: string): Asked<readonly ProviderDispute[]> =>
    this.#answer(`list disputes of ${intentId}`, () =>
      E.right(this.disputes.filter((one) => one.intentId === intentId)),
    );

  /** The money of an intent is held no more. */
  #end(
    intentId: string,
    change: { readonly paymentStatus?: 'paid'; readonly held: 'released' | undefined },
  ): E.Either<ProviderRefused, void> {
    const session = [...this.sessions.values()].find((one) => one.intentId === intentId && one.held === 'authorized');
    if (!session) {
      return E.left({
        _tag: 'ProviderRefused',
        code: 'payment_intent_unexpected_state',
        text: 'nothing is held',
        status: 400,
      });
    }
    const { held: _, ...rest } = session;
    const { held, ...more } = change;
    this.sessions.set(session.sessionId, { ...rest, ...more, ...(held === undefined ? {} : { held }) });
    return E.right(undefined);
  }

  /** The payer pays; answers whether the session still took it. */
  pay(sessionId: string): boolean {
    const session = this.sessions.get(sessionId);
    if (session?.status !== 'open') return false;
    const manual = this.requests.some((one) => one.captureMode === 'manual' && sessionId.includes(one.paymentId));
    const paid = {
      status: 'complete',
      url: undefined,
      method: 'card',
      ...(manual ? ({ held: 'authorized' } as const) : ({ paymentStatus: 'paid' } as const)),
    } as const;
    this.#change(session, { ...paid, intentId: `pi_${sessionId}`, chargeId: `ch_${sessionId}` });
    return true;
  }

  /** Something happens to a session on the provider's side. */
  change(sessionId: string, change: Partial<ProviderSession>): void {
    const session = this.sessions.get(sessionId);
    if (!session) throw new Error(`there is no session ${sessionId}`);
    this.#change(session, change);
  }

  findSessionByPayment = () => this.#unused('findSessionByPayment');
  refund = (request: RefundRequest): Asked<ProviderRefund> =>
    this.#answer(`refund ${request.refundId}`, () => {
      const { refundId, paymentId, orderId, amount, intentId } = request;
      const known = this.refunds.get(refundId);
      if (known) return E.right(known);
      const refund: ProviderRefund = {
        providerRefundId: `re_${refundId}`,
        status: 'succeeded',
        amount,
        intentId,
        metadata: { orderId, paymentId, refundId },
      };
      this.refunds.set(refundId, refund);
      return E.right(refund);
    });
  listRefunds = (intentId: string): Asked<readonly ProviderRefund[]> =>
    this.#answer(`list refunds of ${intentId}`, () =>
      E.right([...this.refunds.values()].filter((one) => one.intentId === intentId)),
    );
  getRefund = () => this.#unused('getRefund');
  verifyWebhook = (): never => {
    throw new Error('nothing here verifies webhooks');
  };

  #unused(name: string): Promise<never> {
    return Promise.reject(new Error(`nothing here calls ${name}`));
  }

  #found(sessionId: string): E.Either<ProviderRefused, ProviderSession> {
    const session = this.sessions.get(sessionId);
    return session
      ? E.right(session)
      : E.left({ _tag: 'ProviderRefused', code: 'resource_missing', text: 'no such session', status: 404 });
  }

  #change(session: ProviderSession, change: Partial<ProviderSession>): void {
    this.sessions.set(session.sessionId, { ...session, ...change });
  }

  #answer<T>(call: string, act: () => E.Either<ProviderRefused, T>): Asked<T> {
    this.calls.push(call);
    if (this.down) return Promise.reject(new ProviderUnavailable('the provider is down'));
    return Promise.resolve(act());
  }
}

/** The provider, reached from a process that may end before a call or before its answer. */
export const throughFuse = (provider: PaymentProvider, fuse: Fuse): PaymentProvider => ({
  createSession: (...call) => fuse.through(() => provider.createSession(...call), 'createSession'),
  getSession: (...call) => fuse.through(() => provider.getSession(...call), 'getSession'),
  expireSession: (...call) => fuse.through(() => provider.expireSession(...call), 'expireSession'),
  captureIntent: (...call) => fuse.through(() => provider.captureIntent(...call), 'captureIntent'),
  releaseIntent: (...call) => fuse.through(() => provider.releaseIntent(...call), 'releaseIntent'),
  listDisputes: (...call) => fuse.through(() => provider.listDisputes(...call), 'listDisputes'),
  findSessionByIntent: (...call) => fuse.through(() => provider.findSessionByIntent(...call), 'findSessionByIntent'),
  findSessionByPayment: (...call) => fuse.through(() => provider.findSessionByPayment(...call), 'findSessionByPayment'),
  refund: (...call) => fuse.through(() => provider.refund(...call), 'refund'),
  getRefund: (...call) => fuse.through(() => provider.getRefund(...call), 'getRefund'),
  listRefunds: (...call) => fuse.through(() => provider.listRefunds(...call), 'listRefunds'),
  verifyWebhook: (...call) => provider.verifyWebhook(...call),
});
