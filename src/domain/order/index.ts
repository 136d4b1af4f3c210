import type { Aggregate } from '../kernel/aggregate.js';
import type { OrderCommand } from './commands.js';
import { decide } from './decide.js';
import { type OrderEvent, orderEvents } from './events.js';
import { evolve } from './evolve.js';
import type { OrderRejection } from './rejections.js';
import { notPlaced, type Order } from './state.js';

/** One order, from placing to completion: `order-{orderId}` (domain-model.md, 4.1). */
export const order: Aggregate<Order, OrderCommand, OrderEvent, OrderRejection> = {
  category: 'order',
  initial: notPlaced,
  decide,
  evolve,
  codec: orderEvents,
  stateVersion: 1,
};

export type * from './commands.js';
export type { OrderEvent, OrderLine, OrderMode, RejectionReason, Shortage } from './events.js';
export { allowedActions, fulfilmentFacet, isDead, openQty, paymentFacet } from './facets.js';
export { MAXIMUM_LINES, MAXIMUM_QUANTITY } from './limits.js';
export type * from './rejections.js';
export type * from './state.js';
export { representOrder } from './view.js';
