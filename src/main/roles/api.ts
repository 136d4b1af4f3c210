import { hostname } from 'node:os';
import { LOCAL_ADMIN } from '../../api/principal.js';
import { createApi } from '../../api/createApi.js';
import { openDefaultLocation } from '../../commands/location/openDefaultLocation.js';
import { postgresIdempotencyClaims } from '../../infrastructure/postgres/idempotencyClaims.js';
import { carrierSignatures } from '../../infrastructure/carriers/signatures.js';
import { personalData } from '../../infrastructure/crypto/personalData.js';
import { sealedText } from '../../infrastructure/crypto/sealedText.js';
import { postgresSubjectKeys } from '../../infrastructure/postgres/subjectKeys.js';
import { postgresSyncLimit } from '../../infrastructure/postgres/syncLimit.js';
import { postgresWebhookInbox } from '../../infrastructure/postgres/webhookInbox.js';
import type { Logger } from '../../infrastructure/telemetry/logger.js';
import { catalogueQueries } from '../../projections/catalogue/queries.js';
import { customerQueries } from '../../projections/customers/queries.js';
import { kitchenQueries } from '../../projections/kitchen/queries.js';
import { orderQueries } from '../../projections/order/queries.js';
import { paymentQueries } from '../../projections/payments/queries.js';
import { shipmentQueries } from '../../projections/shipments/queries.js';
import { stockQueries } from '../../projections/stock/queries.js';
import { taskQueries } from '../../projections/tasks/queries.js';
import { paymentSync } from '../../consumers/index.js';
import type { PaymentProvider } from '../../consumers/payment/ports/paymentProvider.js';
import type { ReadinessCheck } from '../../api/ports/readiness.js';
import type { WakeUp } from '../../api/ports/wakeUp.js';
import type { Component } from '../components/component.js';
import type { EventStoreComponent } from '../components/eventStore.js';
import type { DatabaseComponent } from '../components/database.js';
import type { HttpComponent } from '../components/http.js';
import type { Core } from '../core.js';
import { deadLetterTools } from '../../consumers/deadLetters.js';
import type { DeadLetters } from '../../consumers/ports/deadLetters.js';
import { readModelTools } from '../../projections/rebuild/readModels.js';
import { parkedEvents } from '../../subscriptions/parking/parkedEvents.js';
import { rebuildables } from './projections.js';
import { verificationBy } from '../webhooks.js';

export interface ApiParts {
  readonly core: Core;
  readonly store: EventStoreComponent;
  readonly database: DatabaseComponent;
  readonly http: HttpComponent;
  readonly broker: Component & { readonly deadLetters: DeadLetters };
  readonly wakeUp: WakeUp;
  readonly readiness: readonly ReadinessCheck[];
  readonly provider: PaymentProvider;
  readonly carrierSecrets: ReadonlyMap<string, string>;
  /** Called when a webhook was stored. */
  readonly onWebhook: () => void;
  readonly secret: string;
  readonly version: string;
  readonly log: Logger;
  readonly stopping: AbortSignal;
}

/** Whoever asks is told so soon that the database does not answer, and may ask again. */
const READ_WITHIN_MS = 5_000;
/** What is known of a customer is not worth a longer wait of theirs. */
const KNOWN_WITHIN_MS = 500;

/** Opens the default location where there is none yet, and serves the API. */
export async function startApi(parts: ApiParts): Promise<void> {
  const { core, store, wakeUp, log } = parts;
  const database = parts.database.database.within(READ_WITHIN_MS);
  await openDefaultLocation(core.executor, core.clock);
  parts.http.serve(
    createApi({
      executor: core.executor,
      eventStore: store.eventStore,
      catalogue: core.catalogue,
      settings: core.settings,
      customers: customerQueries(parts.database.database.within(KNOWN_WITHIN_MS)),
      orders: orderQueries(database),
      stock: stockQueries(database),
      kitchen: kitchenQueries(database),
      offers: catalogueQueries(database),
      payments: paymentQueries(database),
      syncPayment: paymentSync({
        executor: core.executor,
        clock: core.clock,
        provider: parts.provider,
        tenant: LOCAL_ADMIN.tenant,
      }),
      syncLimit: postgresSyncLimit(database, {
        alone: (error) => log.warn('questions about payments are counted in this process alone', { error }),
      }),
      tasks: taskQueries(database),
      shipments: shipmentQueries(database),
      claims: postgresIdempotencyClaims(database),
      personalData: personalData(postgresSubjectKeys(database), parts.secret),
      wakeUp,
      webhooks: {
        verification: verificationBy(parts.provider),
        carriers: carrierSignatures(parts.carrierSecrets),
        inbox: postgresWebhookInbox(database, sealedText(parts.secret), parts.onWebhook),
      },
      runners: core.subscriptions,
      parked: parkedEvents(database),
      deadLetters: deadLetterTools(parts.broker.deadLetters),
      readModels: readModelTools(rebuildables(core.subscriptions.folds), {
        database: parts.database.database,
        feed: store.feed,
        history: store.history,
        reader: store.eventStore,
        owner: `${hostname()}/${process.pid}`,
        signal: parts.stopping,
      }),
      readiness: parts.readiness,
      clock: core.clock,
      log,
      secret: parts.secret,
      version: parts.version,
      stopping: parts.stopping,
    }),
  );
}
