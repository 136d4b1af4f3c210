import type { PaymentEvent } from '../../../../src/domain/payment/index.js';
import { anOrder, dueAt, eur } from '../../../support/fixtures.js';

/** The first payment of an order, from its request to its page, and the ends that it may have. */
export { opened } from '../../domain/payment/histories.js';
export const session: Extract<PaymentEvent, { type: 'CheckoutSessionCreated' }> = {
  type: 'CheckoutSessionCreated',
  data: { sessionId: 'cs_1', url: 'http://localhost/pay', providerExpiresAt: dueAt },
};
/** What a webhook tells of a page that was paid in time. */
export const captured = {
  type: 'PaymentCaptured',
  data: {
    orderId: anOrder,
    amount: eur(2000),
    intentId: 'pi_1',
    method: { kind: 'card' },
    seenBy: 'webhook',
    late: false,
  },
} as const satisfies PaymentEvent;
export const failed: PaymentEvent = { type: 'PaymentFailed', data: { code: 'insufficient_funds' } };
export const closed: PaymentEvent = { type: 'PaymentClosed', data: { why: 'expired' } };
