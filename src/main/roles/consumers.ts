import {
  carrierAnswers,
  carrierEngine,
  checkEngine,
  checkResults,
  holdConsumer,
  kitchenConsumer,
  notificationConsumer,
  paymentConsumer,
  type PaymentConsumerParts,
  refundConsumer,
  startCarrierInboxes,
  startWebhookInbox,
} from '../../consumers/index.js';
import type { PersonalData } from '../../commands/ports/personalData.js';
import type { MailTransport } from '../../consumers/notification/ports/mailTransport.js';
import type { PaymentProvider } from '../../consumers/payment/ports/paymentProvider.js';
import type { Callbacks } from '../../consumers/ports/callbacks.js';
import type { Consumption, MessageConsumer } from '../../consumers/ports/messageConsumer.js';
import type { SealedText } from '../../consumers/ports/sealedText.js';
import type { Database } from '../../subscriptions/ports/database.js';
import type { Log } from '../../subscriptions/ports/log.js';
import { STRIPE } from '../webhooks.js';
import { type Closing, POLLING_GRACE_MS } from '../closing.js';
import type { Core } from '../core.js';

export interface ConsumerParts {
  readonly core: Core;
  readonly database: Database;
  readonly broker: { readonly consumer: MessageConsumer; readonly publisher: Callbacks };
  readonly provider: PaymentProvider;
  /** The carriers that report to us. */
  readonly carriers: Iterable<string>;
  /** Whether the carrier of the house takes bookings. */
  readonly carrierSimulator: boolean;
  /** Whether the check engine of the house takes orders to check. Two on one queue would share them. */
  readonly checkEngine: boolean;
  readonly personalData: PersonalData;
  /** Opens what the webhook inbox keeps. */
  readonly sealed: SealedText;
  /** The way out for mails to customers. */
  readonly mails: MailTransport;
  /** Where the payer's browser goes after the payment page. */
  readonly returnTo: PaymentConsumerParts['returnTo'];
  readonly tenant: string;
  readonly log: Log;
  readonly closing: Pick<Closing, 'add'>;
}

export interface Consumers {
  /** Tells the workers of the webhook inbox that something new is there. */
  readonly wakeInbox: () => void;
  /** Resolves when all of them consume; a broker that is away is waited for. */
  readonly consuming: Promise<void>;
}

/** Sends whoever has paid, or has not, back by way of the API, which asks the provider first; `publicUrl` is how browsers reach it. */
export const returningTo =
  (publicUrl: string): PaymentConsumerParts['returnTo'] =>
  (paymentId) => {
    const url = `${publicUrl}/v1/payments/${paymentId}/return`;
    return { successUrl: url, cancelUrl: url };
  };

/** Starts the payment, refund and kitchen consumers, the check engine and the carrier, who records their answers and who writes to customers, and the workers of the webhook inbox. */
export function startConsumers(parts: ConsumerParts): Consumers {
  const { core, database, broker, provider, sealed, returnTo, tenant, log, closing } = parts;
  const { executor, clock, settings } = core;
  const consumers = [
    paymentConsumer({ executor, clock, provider, returnTo }),
    refundConsumer({ executor, clock, provider }),
    holdConsumer({ executor, clock, provider }),
    kitchenConsumer({ executor, clock }),
    ...(parts.checkEngine ? [checkEngine({ callbacks: broker.publisher, clock })] : []),
    checkResults({ executor, clock, settings }),
    notificationConsumer({
      executor,
      database,
      personalData: parts.personalData,
      mails: parts.mails,
      doubtful: (eventId, template) =>
        log.warn('a mail may have gone out twice or not at all, and is not tried again', { eventId, template }),
    }),
    ...(parts.carrierSimulator
      ? [carrierEngine({ callbacks: broker.publisher, personalData: parts.personalData })]
      : []),
    carrierAnswers({ executor, clock }),
  ];
  const opening = consumers.map((options) => broker.consumer.consume(options));
  const opened = new Set<Consumption>();
  const consuming = Promise.all(opening.map(async (consumption) => opened.add(await consumption)));
  closing.add('work', 'consumers', async () => {
    await Promise.all([...opened].map((consumption) => consumption.stop()));
  });
  const inbox = startWebhookInbox({
    executor,
    clock,
    provider,
    tenant,
    database,
    sealed,
    providerName: STRIPE,
    failed: (error, eventId) => log.warn('a webhook failed and is tried again', { eventId, error }),
  });
  closing.add('work', 'webhook inbox', () => inbox.stop(), POLLING_GRACE_MS);
  const fromCarriers = startCarrierInboxes({
    executor,
    clock,
    tenant,
    database,
    sealed,
    carriers: parts.carriers,
    failed: (error, eventId) => log.warn('a word of a carrier failed and is tried again', { eventId, error }),
  });
  closing.add('work', 'carrier inboxes', () => fromCarriers.stop(), POLLING_GRACE_MS);
  const wakeInbox = (): void => {
    inbox.wake();
    fromCarriers.wake();
  };
  return { wakeInbox, consuming: consuming.then(() => undefined) };
}
