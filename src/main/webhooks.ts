import * as E from 'fp-ts/lib/Either.js';
import type { WebhookVerification } from '../api/ports/webhookInbox.js';
import { BadSignature, type PaymentProvider } from '../consumers/payment/ports/paymentProvider.js';

/** The provider's name in the webhook inbox. */
export const STRIPE = 'stripe';

/** The provider's check of signatures, as the API asks for it. */
export const verificationBy = (provider: PaymentProvider): WebhookVerification => ({
  verify: (rawBody, signature) => {
    try {
      const event = provider.verifyWebhook(rawBody, signature);
      return E.right({ provider: STRIPE, eventId: event.id, eventType: event.type, body: JSON.stringify(event) });
    } catch (error) {
      if (error instanceof BadSignature) return E.left({ _tag: 'BadSignature' });
      throw error;
    }
  },
});
