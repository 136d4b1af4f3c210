import { InboxTable, providerBooks } from '../consumers/index.js';
import type { Clock } from '../commands/ports/clock.js';
import type { EventStore } from '../commands/ports/eventStore.js';
import { recordedHistory } from '../commands/replay/index.js';
import type { PaymentProvider } from '../consumers/payment/ports/paymentProvider.js';
import type { ProviderLists } from '../consumers/payment/ports/providerLists.js';
import type { ReconciliationParts } from '../processes/index.js';
import { leftoverQueries } from '../projections/leftovers/queries.js';
import type { Database } from '../subscriptions/ports/database.js';
import { STRIPE } from './webhooks.js';

/** What the reconciliation compares: the provider's lists, and what views and tables show of work that nobody has done. */
export function reconciled(
  lists: ProviderLists & Pick<PaymentProvider, 'listRefunds' | 'refund'>,
  database: Database,
  eventStore: EventStore,
  clock: Clock,
): Pick<ReconciliationParts, 'books' | 'leftovers' | 'history'> {
  const inbox = new InboxTable(database, clock, STRIPE);
  return {
    books: providerBooks(lists, clock),
    leftovers: { ...leftoverQueries(database), webhooksWaiting: (before) => inbox.waitingSince(before) },
    history: (stream) => recordedHistory(eventStore, stream),
  };
}
