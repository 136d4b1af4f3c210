import type { Aggregate } from '../kernel/aggregate.js';
import type { OrderCommand } from './commands.js';
import { decide } from './decide.js';
import { type OrderEvent, orderEvents } from './events.js';
import { evolve } from './evolve.js';
import type { OrderRejection } from './rejections.js';
import { notPlaced, type Order } from './state.js';

/** One order, from placing to completion: `order-{orderId}`. */
export const order: Aggregate<Order, OrderCommand, OrderEvent, OrderRejection> = {
  category: 'order',
  initial: notPlaced,
  decide,
  evolve,
  codec: orderEvents,
  stateVersion: 4,
};

export type * from './commands.js';
export type { CustomerRecord, OrderChannel, OrderEvent, OrderLine, OrderMode, Screening, Shortage } from './events.js';
export { withoutPage } from './asking.js';
export { allowedToCustomer } from './allowed.js';
export { isPaidInPart, paymentsOf } from './awaiting.js';
export { addedLines, askedAmendment, droppedUnits, wasAmended } from './amendments.js';
export {
  allottedUnits,
  fulfilmentFacet,
  isDead,
  isWithKitchen,
  openQty,
  paymentFacet,
  preparationHasBegun,
} from './facets.js';
export { openRequest, requestOfKey } from './paying.js';
export { paidTowards } from './refunds.js';
export type * from './rejections.js';
export type * from './shown.js';
export type * from './state.js';
export { costOfLine, outstanding, owedFor } from './sums.js';
export { isMadeToOrder, isShipped } from './ways.js';
export { representOrder } from './view.js';
