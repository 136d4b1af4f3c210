import { type Either, left, right } from 'fp-ts/lib/Either.js';
import Stripe from 'stripe';
import { type ProviderRefused, ProviderUnavailable } from '../../consumers/payment/ports/paymentProvider.js';

/**
 * Answers that say nothing about the request itself. A wrong or withdrawn key (401, 403) is among them: it is the
 * operator's to mend, and no order may be given up for it. 409 means that the same request is still being worked.
 */
const NOT_ABOUT_THE_REQUEST = new Set([401, 403, 408, 409, 425, 429]);

/** Whether Stripe knows the idempotency key with other parameters. */
export const isIdempotencyConflict = (error: unknown): boolean => error instanceof Stripe.errors.StripeIdempotencyError;

/**
 * Whether the fault is an earlier one that Stripe repeats: it keeps its own failures under the idempotency key as well, so
 * the same request would fail for a day. Source: https://docs.stripe.com/api/idempotent_requests.
 */
export const isRepeatedFault = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeError &&
  (error.statusCode ?? 0) >= 500 &&
  error.headers?.['idempotent-replayed'] === 'true';

/** Runs one call to Stripe: its answer, a definite refusal as a `Left`, or a thrown ProviderUnavailable. */
export async function asked<T>(call: () => Promise<T>): Promise<Either<ProviderRefused, T>> {
  try {
    return right(await call());
  } catch (error) {
    return left(refusalOf(error));
  }
}

/** The refusal that an error of the client stands for; throws ProviderUnavailable for one that is no refusal. */
export function refusalOf(error: unknown): ProviderRefused {
  // what is not Stripe's is a fault of this program and must not pass for an outage
  if (!(error instanceof Stripe.errors.StripeError)) throw error;
  const { statusCode: status, message } = error;
  if (status === undefined || status >= 500 || NOT_ABOUT_THE_REQUEST.has(status)) {
    const what = status === undefined ? error.type : `HTTP ${status}`;
    throw new ProviderUnavailable(`Stripe: ${message} (${what})`, { cause: error });
  }
  return { _tag: 'ProviderRefused', code: error.code ?? error.rawType ?? error.type, text: message, status };
}
