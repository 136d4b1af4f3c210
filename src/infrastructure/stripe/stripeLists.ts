import { isLeft } from 'fp-ts/lib/Either.js';
import type Stripe from 'stripe';
import type { ProviderLists } from '../../consumers/payment/ports/providerLists.js';
import { type PaymentId, PaymentIdCodec } from '../../domain/kernel/ids.js';
import { refusalOf } from './errors.js';
import { toCharge, toDispute, toRefund, toSession } from './mapping.js';

const PAGE = 100;

/** Stripe's lists, by the official client, which turns the pages. */
export function stripeLists(stripe: Stripe): ProviderLists {
  const from = (since: string, until?: string) => ({
    created: { gte: seconds(since), ...(until === undefined ? {} : { lt: seconds(until) }) },
    limit: PAGE,
  });
  const withIntent = (since: string, until?: string) => ({ ...from(since, until), expand: ['data.payment_intent'] });
  return {
    async *listSessions(since) {
      const expand = ['data.payment_intent.latest_charge'];
      for await (const session of answered(stripe.checkout.sessions.list({ ...from(since), expand }))) {
        yield toSession(session);
      }
    },
    async *listCharges(since, until) {
      for await (const charge of answered(stripe.charges.list(withIntent(since, until)))) {
        const paymentId = paymentIn(charge.payment_intent);
        if (paymentId !== undefined && charge.status === 'succeeded' && charge.amount_captured > 0) {
          yield { paymentId, ...toCharge(charge) };
        }
      }
    },
    async *listAllRefunds(since, until) {
      for await (const refund of answered(stripe.refunds.list(withIntent(since, until)))) {
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

/** Whole seconds since 1970, as Stripe counts. */
const seconds = (at: string): number => Math.floor(Date.parse(at) / 1_000);

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
