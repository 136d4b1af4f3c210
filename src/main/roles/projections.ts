import type { WakeUp } from '../../api/ports/wakeUp.js';
import type { RecordedEvent } from '../../domain/events.js';
import { catalogueProjection } from '../../projections/catalogue/projection.js';
import { catalogueSchema } from '../../projections/catalogue/schema.js';
import { kitchenProjection } from '../../projections/kitchen/projection.js';
import { kitchenBoardSchema } from '../../projections/kitchen/schema.js';
import { orderProjection } from '../../projections/order/projection.js';
import { orderViewSchema } from '../../projections/order/schema.js';
import { publisherReactor } from '../../projections/publishers/publisher.js';
import type { MessagePublisher } from '../../projections/publishers/ports/messagePublisher.js';
import { stockProjection } from '../../projections/stock/projection.js';
import { stockLevelSchema } from '../../projections/stock/schema.js';
import type { Subscriptions } from '../../subscriptions/subscriptions.js';

/** The tables of every read model. */
export const READ_MODELS = [orderViewSchema, stockLevelSchema, kitchenBoardSchema, catalogueSchema];

/** Adds every read model and the publisher of integration events to the subscriptions. */
export function addProjections(subscriptions: Subscriptions, wakeUp: WakeUp, publisher: MessagePublisher): void {
  const committed = (events: readonly RecordedEvent[]): void => {
    for (const stream of new Set(events.map((event) => event.stream))) wakeUp.notify(stream);
  };
  subscriptions.addProjection(orderProjection({ committed }));
  subscriptions.addProjection(stockProjection({ folds: subscriptions.folds, committed }));
  subscriptions.addProjection(kitchenProjection({ committed }));
  subscriptions.addProjection(catalogueProjection({ committed }));
  subscriptions.addReactor(publisherReactor({ folds: subscriptions.folds, publisher }));
}
