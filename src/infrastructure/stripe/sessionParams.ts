import { isLeft, isRight, type Either, right } from 'fp-ts/lib/Either.js';
import type Stripe from 'stripe';
import type { ProviderRefused, SessionRequest } from '../../consumers/payment/ports/paymentProvider.js';
import { equals, multiply, sum } from '../../domain/kernel/money.js';
import { toStripeAmount } from './amounts.js';

const MAX_LINES = 100;
const MAX_NAME = 250;
const MIN_LIFE_MS = 30 * 60_000;
const MAX_LIFE_MS = 24 * 60 * 60_000;
/**
 * The request travels, and clocks differ: where ours is further behind than this, Stripe refuses every page with the shortest time to
 * pay. It is about as much as Stripe grants for the signature of a webhook.
 */
const SLACK_MS = 4.5 * 60_000;
const STEP_MS = 5 * 60_000;

type Line = Stripe.Checkout.SessionCreateParams.LineItem;

/** What Stripe is asked for; a `Left` for an amount that Stripe cannot charge exactly. `now` in milliseconds since 1970. */
export function sessionParams(
  request: SessionRequest,
  now: number,
): Either<ProviderRefused, Stripe.Checkout.SessionCreateParams> {
  const total = toStripeAmount(request.amount);
  if (isLeft(total)) return total;
  const metadata = { orderId: request.orderId, paymentId: request.paymentId };
  return right({
    mode: 'payment',
    client_reference_id: request.orderId,
    metadata,
    // the intent's own events, and the charge's, name the payment too
    payment_intent_data: { metadata, ...(request.captureMode === 'manual' ? { capture_method: 'manual' } : {}) },
    line_items: linesOf(request) ?? [line(request.description, 1, total.right)],
    success_url: request.successUrl,
    cancel_url: request.cancelUrl,
    expires_at: Math.floor(expiry(Date.parse(request.expiresAt), now) / 1_000),
  });
}

/**
 * When the session is to end, within what Stripe allows: 30 minutes to 24 hours from now. A wish outside is moved in whole
 * steps, so that the same request a little later has the same answer: Stripe compares parameters under one idempotency key.
 */
function expiry(wanted: number, now: number): number {
  const earliest = now + MIN_LIFE_MS + SLACK_MS;
  const latest = now + MAX_LIFE_MS - SLACK_MS;
  if (wanted < earliest) return wanted + Math.ceil((earliest - wanted) / STEP_MS) * STEP_MS;
  if (wanted > latest) return wanted - Math.ceil((wanted - latest) / STEP_MS) * STEP_MS;
  return wanted;
}

/** The lines one by one, or undefined where they cannot stand for the amount as it is to be charged. */
function linesOf({ lines, amount }: SessionRequest): Line[] | undefined {
  if (!lines || lines.length === 0 || lines.length > MAX_LINES) return undefined;
  if (lines.some(({ unitPrice }) => unitPrice.currency !== amount.currency || unitPrice.amount < 0)) return undefined;
  const nets = lines.map(({ unitPrice, quantity }) => multiply(unitPrice, quantity));
  if (!equals(sum(nets, amount.currency), amount)) return undefined;
  const items: Line[] = [];
  for (const { name, quantity, unitPrice } of lines) {
    const unit = toStripeAmount(unitPrice);
    if (!isRight(unit)) return undefined;
    items.push(line(name, quantity, unit.right));
  }
  return items;
}

const line = (name: string, quantity: number, unit: { amount: number; currency: string }): Line => ({
  quantity,
  price_data: { currency: unit.currency, unit_amount: unit.amount, product_data: { name: name.slice(0, MAX_NAME) } },
});
