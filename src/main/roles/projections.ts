import { BOARD_SHOWN, shownOf, type WakeUp } from '../../api/ports/wakeUp.js';
import type { MessageConsumer } from '../../consumers/ports/messageConsumer.js';
import type { RecordedEvent } from '../../domain/events.js';
import { categoryOf } from '../../domain/kernel/streams.js';
import { ticket } from '../../domain/ticket/index.js';
import { catalogueProjection } from '../../projections/catalogue/projection.js';
import { catalogueSchema } from '../../projections/catalogue/schema.js';
import { customerProjection } from '../../projections/customers/projection.js';
import { hearing } from '../../projections/documents/hearing.js';
import { kitchenProjection } from '../../projections/kitchen/projection.js';
import { kitchenBoardSchema } from '../../projections/kitchen/schema.js';
import { orderProjection } from '../../projections/order/projection.js';
import { orderViewSchema } from '../../projections/order/schema.js';
import { paymentProjection } from '../../projections/payments/projection.js';
import { paymentViewSchema } from '../../projections/payments/schema.js';
import { publisherReactor } from '../../projections/publishers/publisher.js';
import type { MessagePublisher } from '../../projections/publishers/ports/messagePublisher.js';
import { shipmentProjection } from '../../projections/shipments/projection.js';
import { shipmentViewSchema } from '../../projections/shipments/schema.js';
import { stockProjection } from '../../projections/stock/projection.js';
import { stockLevelSchema } from '../../projections/stock/schema.js';
import { taskProjection } from '../../projections/tasks/projection.js';
import { taskListSchema } from '../../projections/tasks/schema.js';
import type { ReadModel } from '../../projections/documents/documentTable.js';
import type { Rebuildable } from '../../projections/rebuild/rebuild.js';
import type { Folds } from '../../subscriptions/contract.js';
import type { Subscriptions } from '../../subscriptions/subscriptions.js';
import { startAskedRebuilds } from '../../projections/rebuild/asked.js';
import type { Database } from '../../subscriptions/ports/database.js';
import type { Log } from '../../subscriptions/ports/log.js';
import type { WorkLoop } from '../../subscriptions/workLoop.js';
import type { EventStoreComponent } from '../components/eventStore.js';
import type { Core } from '../core.js';
import { QUEUES } from '../queues.js';

/** The tables of every read model. */
export const READ_MODELS = [
  orderViewSchema,
  stockLevelSchema,
  kitchenBoardSchema,
  catalogueSchema,
  paymentViewSchema,
  taskListSchema,
  shipmentViewSchema,
];

/**
 * A publisher that publishes nothing before every consumer's queue is there: a message that no queue takes is lost to those
 * who would have wanted it, and consumers may be processes that were never started yet.
 */
function onceDeclared(publisher: MessagePublisher, consumer: MessageConsumer): MessagePublisher {
  let declared: Promise<unknown> | undefined;
  return {
    publish: async (message) => {
      declared ??= Promise.all(QUEUES.map((queue) => consumer.declare(queue))).catch((error: unknown) => {
        declared = undefined;
        throw error;
      });
      await declared;
      try {
        await publisher.publish(message);
      } catch (error) {
        // a broker that was away may have come back without its queues
        declared = undefined;
        throw error;
      }
    },
  };
}

/** Every read model, compared with the log by `comanda verify` and fed by the subscriptions. */
export const readModels = (folds: Folds, rememberedStreams?: number): readonly ReadModel[] => {
  const remembering = rememberedStreams === undefined ? {} : { maxStates: rememberedStreams };
  return [
    orderProjection(remembering),
    stockProjection({ folds, ...remembering }),
    kitchenProjection(remembering),
    catalogueProjection(remembering),
    paymentProjection({ folds, ...remembering }),
    taskProjection(remembering),
    shipmentProjection({ folds, ...remembering }),
  ];
};

/** Every read model with the statements that make its tables. */
export const rebuildables = (folds: Folds): readonly Rebuildable[] => {
  const models = readModels(folds);
  return READ_MODELS.flatMap((schema): readonly Rebuildable[] => {
    const readModel = models.find(({ name }) => name === `${schema.name}_v${schema.version}`);
    return readModel ? [{ name: schema.name, schema, readModel }] : [];
  });
};

/** Wakes whoever waits for what a commit made visible: of each of its streams, and of the kitchen board as a whole. */
export const announceShown =
  (wakeUp: WakeUp) =>
  (events: readonly RecordedEvent[]): void => {
    const streams = new Set(events.map(({ stream }) => stream));
    for (const stream of streams) wakeUp.notify(shownOf(stream));
    if ([...streams].some((stream) => categoryOf(stream) === ticket.category)) wakeUp.notify(BOARD_SHOWN);
  };

/**
 * Adds every read model, what is known of customers and the publisher of integration events to the subscriptions.
 * @param rememberedStreams how many streams a read model keeps in memory, where that is not as usual
 */
export function addProjections(
  subscriptions: Subscriptions,
  wakeUp: WakeUp,
  { publisher, consumer }: { readonly publisher: MessagePublisher; readonly consumer: MessageConsumer },
  rememberedStreams?: number,
): void {
  const committed = announceShown(wakeUp);
  for (const readModel of readModels(subscriptions.folds, rememberedStreams))
    subscriptions.addProjection(hearing(readModel, committed));
  subscriptions.addProjection(customerProjection({ folds: subscriptions.folds }));
  subscriptions.addReactor(
    publisherReactor({ folds: subscriptions.folds, publisher: onceDeclared(publisher, consumer) }),
  );
}

/** Begins to do the rebuilds that operators ask for over HTTP. */
export const startRebuilds = (
  { subscriptions }: Pick<Core, 'subscriptions'>,
  { feed, history, eventStore }: Pick<EventStoreComponent, 'feed' | 'history' | 'eventStore'>,
  database: Database,
  owner: string,
  log: Log,
): WorkLoop =>
  startAskedRebuilds({
    rebuildables: rebuildables(subscriptions.folds),
    database,
    feed,
    history,
    reader: eventStore,
    owner,
    failed: (error) => log.warn('a rebuild waits for the system to come back', { error }),
  });
