import type { Executor } from '../commands/executor/contract.js';
import type { Catalogue } from '../commands/ports/catalogue.js';
import type { Clock } from '../commands/ports/clock.js';
import type { Customers } from '../commands/ports/customers.js';
import type { CurrentSettings } from '../commands/ports/currentSettings.js';
import type { EventStore } from '../commands/ports/eventStore.js';
import type { IdempotencyClaims } from '../commands/ports/idempotencyClaims.js';
import type { PersonalData } from '../commands/ports/personalData.js';
import type { CatalogueQueries } from '../projections/catalogue/queries.js';
import type { KitchenQueries } from '../projections/kitchen/queries.js';
import type { OrderQueries } from '../projections/order/queries.js';
import type { PaymentQueries } from '../projections/payments/queries.js';
import type { ShipmentQueries } from '../projections/shipments/queries.js';
import type { StockQueries } from '../projections/stock/queries.js';
import type { TaskQueries } from '../projections/tasks/queries.js';
import type { StreamLimits } from './http/eventStream.js';
import type { CarrierSignatures } from './ports/carrierSignatures.js';
import type { DeadLetters } from './ports/deadLetters.js';
import type { ApiLog } from './ports/log.js';
import type { Parked } from './ports/parked.js';
import type { ReadinessCheck } from './ports/readiness.js';
import type { ReadModels } from './ports/readModels.js';
import type { PaymentSync } from './ports/paymentSync.js';
import type { Runners } from './ports/runners.js';
import type { SyncLimit } from './ports/syncLimit.js';
import type { WakeUp } from './ports/wakeUp.js';
import type { WebhookInbox, WebhookVerification } from './ports/webhookInbox.js';

/** Everything that the API needs from the rest of the house. */
export interface ApiDependencies {
  readonly executor: Executor;
  /** For histories and states of the past; the API writes nothing here. */
  readonly eventStore: EventStore;
  readonly catalogue: Catalogue;
  readonly settings: CurrentSettings;
  readonly customers: Customers;
  readonly orders: OrderQueries;
  readonly stock: StockQueries;
  readonly kitchen: KitchenQueries;
  readonly offers: CatalogueQueries;
  readonly payments: PaymentQueries;
  readonly syncPayment: PaymentSync;
  readonly syncLimit: SyncLimit;
  readonly tasks: TaskQueries;
  readonly shipments: ShipmentQueries;
  readonly claims: IdempotencyClaims;
  readonly personalData: PersonalData;
  /** Notified with the name of an order's stream whenever its view has moved. */
  readonly wakeUp: WakeUp;
  readonly webhooks: {
    readonly verification: WebhookVerification;
    readonly carriers: CarrierSignatures;
    readonly inbox: WebhookInbox;
  };
  readonly runners: Runners;
  readonly parked: Parked;
  readonly deadLetters: DeadLetters;
  readonly readModels: ReadModels;
  readonly readiness: readonly ReadinessCheck[];
  readonly clock: Clock;
  readonly log: ApiLog;
  /** Keys order numbers and cursors; the same for all processes, and kept. */
  readonly secret: string | Buffer;
  readonly version: string;
  /** Aborted when the server is about to stop: whoever waits is answered at once. */
  readonly stopping: AbortSignal;
  /** How many streams there may be and how they behave, where that is not as usual. */
  readonly streams?: Partial<StreamLimits>;
}
