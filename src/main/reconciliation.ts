import {
  kitchenConsumer,
  type KitchenConsumerParts,
  paymentConsumer,
  type PaymentConsumerParts,
  providerBooks,
  webhooksWaiting,
} from '../consumers/index.js';
import type { Clock } from '../commands/ports/clock.js';
import type { EventStore } from '../commands/ports/eventStore.js';
import { recordedHistory } from '../commands/replay/index.js';
import type { RecordedEvent } from '../domain/events.js';
import type { PaymentProvider } from '../consumers/payment/ports/paymentProvider.js';
import type { ProviderLists } from '../consumers/payment/ports/providerLists.js';
import type { ReconciliationParts } from '../processes/index.js';
import { leftoverQueries } from '../projections/leftovers/queries.js';
import { messageOf } from '../projections/publishers/messages.js';
import { envelope } from '../projections/publishers/publisher.js';
import type { Folds } from '../subscriptions/contract.js';
import { discardedEvents } from '../subscriptions/parking/discarded.js';
import type { Database } from '../subscriptions/ports/database.js';

/** What the reconciliation compares: the provider's lists, and what views and tables show of work that nobody has done. */
export function reconciled(
  lists: ProviderLists & Pick<PaymentProvider, 'listRefunds' | 'refund'>,
  database: Database,
  eventStore: EventStore,
  clock: Clock,
): Pick<ReconciliationParts, 'books' | 'leftovers' | 'history' | 'discards'> {
  return {
    books: providerBooks(lists, clock),
    leftovers: { ...leftoverQueries(database), webhooksWaiting: (before) => webhooksWaiting(database, before) },
    history: (stream, part) => recordedHistory(eventStore, stream, part),
    discards: discardedEvents(database),
  };
}

/**
 * Lets the kitchen hear of a confirmed order by the very message that it would have had: where that was lost, or given up. Its
 * commands are named after the message, so a ticket that is there stays as it is.
 */
export function kitchenTold({
  folds,
  ...parts
}: KitchenConsumerParts & { readonly folds: Folds }): (confirmed: RecordedEvent) => Promise<void> {
  const { handle } = kitchenConsumer(parts);
  return async (confirmed) => {
    const message = await messageOf(confirmed, folds);
    if (message?.type !== 'order.confirmed.v1') throw new Error(`${confirmed.id} tells the kitchen nothing`);
    await handle({ message: envelope(confirmed, message), attempt: 1 });
  };
}

/**
 * Lets the payment consumer hear of a payment that an order asks for, by the very message that it would have had. Its commands are
 * named after the message and its session by the payment: what is there stays as it is.
 */
export function paymentAsked({
  folds,
  ...parts
}: PaymentConsumerParts & { readonly folds: Folds }): (asked: RecordedEvent) => Promise<void> {
  const { handle } = paymentConsumer(parts);
  return async (asked) => {
    const message = await messageOf(asked, folds);
    if (message?.type !== 'order.accepted.v1' && message?.type !== 'payment.requested.v1') {
      throw new Error(`${asked.id} asks for no payment`);
    }
    await handle({ message: envelope(asked, message), attempt: 1 });
  };
}
