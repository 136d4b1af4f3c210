import * as t from 'io-ts';

/**
 * What a provider's webhook is about, without the object itself: plain JSON, no personal data, fit to be stored in the
 * webhook inbox and decoded again by the worker.
 */
export const WebhookEventCodec = t.readonly(
  t.intersection([
    t.type({
      /** The provider's id of the event; the same on every redelivery. */
      id: t.string,
      /** The provider's type, for example `checkout.session.completed`; unknown types are stored and then ignored. */
      type: t.string,
      /** RFC 3339, UTC. */
      createdAt: t.string,
      /** False for test money. */
      live: t.boolean,
      object: t.type({
        /** The provider's kind of object: `checkout.session`, `payment_intent`, `charge`, `refund`, `dispute`, … */
        kind: t.string,
        id: t.string,
      }),
    }),
    t.partial({
      /** As far as the object names them. */
      sessionId: t.string,
      intentId: t.string,
      orderId: t.string,
      paymentId: t.string,
    }),
  ]),
);
export type WebhookEvent = t.TypeOf<typeof WebhookEventCodec>;
