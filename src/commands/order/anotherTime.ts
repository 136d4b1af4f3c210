import * as E from 'fp-ts/lib/Either.js';
import { businessDate, type LocationView, type OrderingRejection, whyNoOrder } from '../../domain/location/index.js';
import {
  type ExistingOrder,
  openQty,
  order,
  type OrderCommand,
  preparationHasBegun,
} from '../../domain/order/index.js';
import type { Executor } from '../executor/contract.js';
import { ticketIdOf } from '../identity.js';
import { whyNoRoom } from './kitchenRoom.js';
import type { KitchenFull } from './placeOrderRejection.js';

/**
 * Why an order cannot be wanted for another time, asked for as that of a new order would be: somebody is there then, orders are
 * taken, and the kitchen has room, unless it has begun already. Undefined where it can, or its own stream says why not.
 * @param wish what the order is asked; `at` is now: RFC 3339, UTC, milliseconds
 * @throws StoreUnavailable
 */
export async function whyNotThen(
  executor: Executor,
  location: LocationView,
  state: ExistingOrder,
  wish: Extract<OrderCommand, { type: 'ChangeDelivery' | 'ChangePromise' }> & { readonly promisedAt: string },
  at: string,
): Promise<OrderingRejection | KitchenFull | undefined> {
  const { orderId, locationId, mode } = state.details;
  const { promisedAt } = wish;
  if (E.isLeft(order.decide(wish, state))) return undefined;
  const closed = whyNoOrder(location, { mode, at, promisedAt });
  if (closed || preparationHasBegun(state)) return closed;
  return whyNoRoom(executor, {
    locationId,
    mode,
    lines: state.lines
      .map((line) => ({ qty: openQty(line), prepSeconds: line.prepSeconds }))
      .filter(({ qty }) => qty > 0),
    at,
    promisedAt,
    businessDate: businessDate(location, promisedAt),
    kitchenCapacity: location.kitchenCapacity,
    ticketId: ticketIdOf(orderId, locationId),
  });
}
