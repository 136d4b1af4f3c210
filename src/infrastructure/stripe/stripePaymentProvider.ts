import { type Either, isLeft, left, map, right } from 'fp-ts/lib/Either.js';
import Stripe from 'stripe';
import type {
  Asked,
  PaymentProvider,
  ProviderDispute,
  ProviderRefund,
  ProviderRefused,
  ProviderSession,
  RefundRequest,
  SessionRequest,
} from '../../consumers/payment/ports/paymentProvider.js';
import type { ProviderLists } from '../../consumers/payment/ports/providerLists.js';
import { toStripeAmount } from './amounts.js';
import { asked, isIdempotencyConflict, isRepeatedFault, refusalOf } from './errors.js';
import { toDispute, toRefund, toSession } from './mapping.js';
import { sessionParams } from './sessionParams.js';
import { stripeLists } from './stripeLists.js';
import { verifyWebhook } from './webhooks.js';

export interface StripeOptions {
  /** `sk_test_…` or `sk_live_…` (or a restricted `rk_…`). */
  readonly secretKey: string;
  /** `whsec_…`, of the webhook endpoint. */
  readonly webhookSecret: string;
  /** Scheme, host and port of the API, for example `http://127.0.0.1:8081`; default Stripe's own. */
  readonly apiBase?: string;
  /** How long one try may take, in milliseconds; default 10,000. */
  readonly timeoutMs?: number;
  /** How often the client tries again by itself after a network error, 409 or 5xx; default 2. */
  readonly maxNetworkRetries?: number;
  /** How old a webhook's signature may be; default 300 s. */
  readonly webhookToleranceSeconds?: number;
  /** Milliseconds since 1970; default the machine's clock. */
  readonly now?: () => number;
}

const PAGE = 100;
/** Stripe may forget an idempotency key after 24 hours; from here on a first try is searched for before another one is made. */
const KEYS_TRUSTED_MS = 20 * 60 * 60_000;
const CHARGE_OF_SESSION = 'payment_intent.latest_charge';

/** A key of its own for each hour: what fails for good under one key is not asked for under many. */
const keyAfterFault = (now: number): string => `h${Math.floor(now / 3_600_000)}`;

/**
 * Stripe behind the port, by the official client. Nothing connects before the first call.
 * Throws a TypeError for an `apiBase` that is no plain `http(s)://host:port`.
 */
export function stripePaymentProvider(options: StripeOptions): PaymentProvider & ProviderLists {
  const { secretKey, webhookSecret, now = Date.now } = options;
  const stripe = new Stripe(secretKey, {
    ...addressOf(options.apiBase),
    timeout: options.timeoutMs ?? 10_000,
    maxNetworkRetries: options.maxNetworkRetries ?? 2,
    telemetry: false,
    appInfo: { name: 'Comanda' },
  });
  const { sessions } = stripe.checkout;
  const verification = {
    webhooks: stripe.webhooks,
    secret: webhookSecret,
    toleranceSeconds: options.webhookToleranceSeconds ?? 300,
    live: /^[a-z]+_live_/.test(secretKey),
  };
  const keyForgotten = (since: string) => now() - Date.parse(since) > KEYS_TRUSTED_MS;

  const getSession = async (sessionId: string): Asked<ProviderSession> =>
    map(toSession)(await asked(() => sessions.retrieve(sessionId, { expand: [CHARGE_OF_SESSION] })));

  const findSessionByPayment = (paymentId: string, since: string): Asked<ProviderSession | undefined> =>
    asked(async () => {
      const gte = Math.floor(Date.parse(since) / 1_000);
      // newest first, page by page: Stripe cannot search sessions by metadata
      const list = sessions.list({ created: { gte }, limit: PAGE, expand: [`data.${CHARGE_OF_SESSION}`] });
      for await (const session of list) {
        if (session.metadata?.['paymentId'] === paymentId) return toSession(session);
      }
      return undefined;
    });

  const createSession = async (request: SessionRequest): Asked<ProviderSession> => {
    const { paymentId, attempt, openedAt } = request;
    const params = sessionParams(request, now());
    if (isLeft(params)) return params;
    if (keyForgotten(openedAt)) {
      const earlier = await findSessionByPayment(paymentId, openedAt);
      if (isLeft(earlier)) return earlier;
      // one that has expired can no longer be paid, so another does no harm
      if (earlier.right !== undefined && earlier.right.status !== 'expired') return right(earlier.right);
    }
    const create = (idempotencyKey: string) => sessions.create(params.right, { idempotencyKey });
    const key = `pay:${paymentId}:session:${attempt}`;
    try {
      return right(toSession(await create(key)));
    } catch (error) {
      if (!isIdempotencyConflict(error) && !isRepeatedFault(error)) return left(refusalOf(error));
      // an earlier try had another expiry, or ended in a fault that may have come after the work: what it opened is what is asked for
      const earlier = await findSessionByPayment(paymentId, openedAt);
      if (isLeft(earlier)) return earlier;
      if (earlier.right !== undefined) return right(earlier.right);
      if (isIdempotencyConflict(error)) return left(refusalOf(error));
      return map(toSession)(await asked(() => create(`${key}:${keyAfterFault(now())}`)));
    }
  };

  const expireSession = async (sessionId: string): Asked<ProviderSession> => {
    const expired = await asked(() => sessions.expire(sessionId, { expand: [CHARGE_OF_SESSION] }));
    if (!isLeft(expired)) return right(toSession(expired.right));
    if (expired.left.code === 'resource_missing') return expired;
    // Stripe refuses to close what is closed already: then its state is the answer
    const current = await getSession(sessionId);
    return !isLeft(current) && current.right.status === 'open' ? expired : current;
  };

  const findSessionByIntent = (intentId: string): Asked<ProviderSession | undefined> =>
    asked(async () => {
      const list = await sessions.list({ payment_intent: intentId, limit: 1, expand: [`data.${CHARGE_OF_SESSION}`] });
      const [session] = list.data;
      return session && toSession(session);
    });

  const listRefunds = (intentId: string): Asked<readonly ProviderRefund[]> =>
    asked(async () => {
      const found: ProviderRefund[] = [];
      for await (const refund of stripe.refunds.list({ payment_intent: intentId, limit: PAGE })) {
        found.push(toRefund(refund));
      }
      return found;
    });

  const refund = async (request: RefundRequest): Asked<ProviderRefund> => {
    const { refundId, paymentId, orderId, intentId } = request;
    const amount = toStripeAmount(request.amount);
    if (isLeft(amount)) return amount;
    if (keyForgotten(request.requestedAt)) {
      const earlier = await refundMadeBefore(listRefunds, intentId, refundId);
      if (isLeft(earlier)) return earlier;
      if (earlier.right !== undefined) return right(earlier.right);
    }
    const params = {
      payment_intent: intentId,
      amount: amount.right.amount,
      metadata: { orderId, paymentId, refundId },
    };
    const create = (idempotencyKey: string) => stripe.refunds.create(params, { idempotencyKey });
    const key = `rfd:${refundId}`;
    try {
      return right(toRefund(await create(key)));
    } catch (error) {
      if (!isRepeatedFault(error)) return left(refusalOf(error));
      const earlier = await refundMadeBefore(listRefunds, intentId, refundId);
      if (isLeft(earlier)) return earlier;
      if (earlier.right !== undefined) return right(earlier.right);
      return map(toRefund)(await asked(() => create(`${key}:${keyAfterFault(now())}`)));
    }
  };

  const captureIntent = async (paymentId: string, intentId: string): Asked<void> =>
    map(() => undefined)(
      await asked(() => stripe.paymentIntents.capture(intentId, {}, { idempotencyKey: `pay:${paymentId}:capture` })),
    );

  const releaseIntent = async (paymentId: string, intentId: string): Asked<void> =>
    map(() => undefined)(
      await asked(() => stripe.paymentIntents.cancel(intentId, {}, { idempotencyKey: `pay:${paymentId}:release` })),
    );

  const listDisputes = (intentId: string): Asked<readonly ProviderDispute[]> =>
    asked(async () => {
      const found: ProviderDispute[] = [];
      for await (const dispute of stripe.disputes.list({ payment_intent: intentId, limit: PAGE })) {
        found.push(toDispute(dispute));
      }
      return found;
    });

  return {
    ...stripeLists(stripe),
    createSession,
    getSession,
    expireSession,
    captureIntent,
    releaseIntent,
    listDisputes,
    findSessionByPayment,
    findSessionByIntent,
    refund,
    getRefund: async (id) => map(toRefund)(await asked(() => stripe.refunds.retrieve(id))),
    listRefunds,
    verifyWebhook: (rawBody, signature) => verifyWebhook(rawBody, signature, verification),
  };
}

async function refundMadeBefore(
  listRefunds: PaymentProvider['listRefunds'],
  intentId: string,
  refundId: string,
): Promise<Either<ProviderRefused, ProviderRefund | undefined>> {
  return map((refunds: readonly ProviderRefund[]) => refunds.find(({ metadata }) => metadata.refundId === refundId))(
    await listRefunds(intentId),
  );
}

function addressOf(apiBase: string | undefined): { host?: string; port?: number; protocol?: 'http' | 'https' } {
  if (apiBase === undefined) return {};
  const url = new URL(apiBase);
  const protocol = url.protocol === 'http:' ? 'http' : url.protocol === 'https:' ? 'https' : undefined;
  if (protocol === undefined || url.pathname !== '/' || url.search !== '') {
    throw new TypeError(`${apiBase} is no address of an API: give scheme, host and port alone`);
  }
  return { protocol, host: url.hostname, port: url.port === '' ? (protocol === 'http' ? 80 : 443) : Number(url.port) };
}
