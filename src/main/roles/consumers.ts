import { kitchenConsumer, paymentConsumer, startWebhookInbox } from '../../consumers/index.js';
import type { PaymentProvider } from '../../consumers/payment/ports/paymentProvider.js';
import type { MessageConsumer } from '../../consumers/ports/messageConsumer.js';
import type { Logger } from '../../infrastructure/telemetry/logger.js';
import type { Database } from '../../subscriptions/ports/database.js';
import { STRIPE } from '../webhooks.js';
import type { Closing } from '../closing.js';
import type { Core } from '../core.js';

export interface ConsumerParts {
  readonly core: Core;
  readonly database: Database;
  readonly broker: { readonly consumer: MessageConsumer };
  readonly provider: PaymentProvider;
  /** How browsers reach the API. */
  readonly publicUrl: string;
  readonly tenant: string;
  readonly log: Logger;
  readonly closing: Closing;
}

/** Starts the payment and the kitchen consumer and the worker of the webhook inbox. Answers how to wake that worker. */
export async function startConsumers(parts: ConsumerParts): Promise<() => void> {
  const { core, database, broker, provider, publicUrl, tenant, log, closing } = parts;
  const { executor, clock } = core;
  const returnTo = (orderId: string) => ({
    successUrl: `${publicUrl}/v1/orders/${orderId}`,
    cancelUrl: `${publicUrl}/v1/orders/${orderId}`,
  });
  for (const options of [
    paymentConsumer({ executor, clock, provider, returnTo }),
    kitchenConsumer({ executor, clock }),
  ]) {
    const consumption = await broker.consumer.consume(options);
    closing.add(`consumer ${options.queue}`, () => consumption.stop());
  }
  const inbox = startWebhookInbox({
    executor,
    clock,
    provider,
    tenant,
    database,
    providerName: STRIPE,
    failed: (error, eventId) => log.warn('a webhook failed and is tried again', { eventId, error }),
  });
  closing.add('webhook inbox', () => inbox.stop());
  return () => inbox.wake();
}
