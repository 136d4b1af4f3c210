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
export type {
  CheckRule,
  CustomerRecord,
  OrderChannel,
  OrderEvent,
  OrderLine,
  OrderMode,
  RejectionReason,
  Screening,
  Shortage,
} from './events.js';
export { type AskedPayment, withoutPage } from './asking.js';
export { allowedActions, allowedToCustomer } from './allowed.js';
export { isPaidInPart, paymentsOf } from './awaiting.js';
export { addedLines, askedAmendment, droppedUnits, wasAmended } from './amendments.js';
export {
  allottedUnits,
  displayStatus,
  fulfilmentFacet,
  isDead,
  isWithKitchen,
  openQty,
  paymentFacet,
  preparationHasBegun,
  refundFacet,
  returnFacet,
} from './facets.js';
export { MAXIMUM_LINES, MAXIMUM_QUANTITY } from './limits.js';
export { openRequest, requestOfKey } from './paying.js';
export { paidTowards } from './refunds.js';
export type * from './rejections.js';
export type * from './shown.js';
export type * from './state.js';
export { costOfLine, outstanding, owedFor, priceOf } from './sums.js';
export { isMadeToOrder, isShipped } from './ways.js';
export { representOrder } from './view.js';
