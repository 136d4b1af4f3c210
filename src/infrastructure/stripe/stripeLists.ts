import { isLeft } from 'fp-ts/lib/Either.js';
import type Stripe from 'stripe';
import type { ProviderLists } from '../../consumers/payment/ports/providerLists.js';
import { type PaymentId, PaymentIdCodec } from '../../domain/kernel/ids.js';
import { refusalOf } from './errors.js';
import { toDispute, toRefund, toSession } from './mapping.js';

const PAGE = 100;

/** Stripe's lists, by the official client, which turns the pages. */
export function stripeLists(stripe: Stripe): ProviderLists {
  const from = (since: string) => ({ created: { gte: Math.floor(Date.parse(since) / 1_000) }, limit: PAGE });
  const withIntent = (since: string) => ({ ...from(since), expand: ['data.payment_intent'] });
  return {
    async *listSessions(since) {
      const expand = ['data.payment_intent.latest_charge'];
      for await (const session of answered(stripe.checkout.sessions.list({ ...from(since), expand }))) {
        yield toSession(session);
      }
    },
    async *listAllRefunds(since) {
      for await (const refund of answered(stripe.refunds.list(withIntent(since)))) {
        const paymentId = paymentIn(refund.payment_intent);
        if (paymentId !== undefined) yield { paymentId, ...toRefund(refund) };
      }
    },
    async *listAllDisputes(since) {
      for await (const dispute of answered(stripe.disputes.list(withIntent(since)))) {
        const paymentId = paymentIn(dispute.payment_intent);
        if (paymentId !== undefined) yield { paymentId, ...toDispute(dispute) };
      }
    },
  };
}

/** The elements of a list. What Stripe refuses here is a fault of this program. */
async function* answered<T>(list: AsyncIterable<T>): AsyncIterable<T> {
  try {
    yield* list;
  } catch (error) {
    const { code, text } = refusalOf(error);
    throw new Error(`Stripe refused its list: ${code}: ${text}`, { cause: error });
  }
}

/** The payment that an intent was made for; undefined: it is none of ours. */
function paymentIn(intent: string | Stripe.PaymentIntent | null): PaymentId | undefined {
  if (typeof intent === 'string' || intent === null) return undefined;
  const decoded = PaymentIdCodec.decode(intent.metadata['paymentId']);
  return isLeft(decoded) ? undefined : decoded.right;
}
