import { pickupCounterStream } from '../../domain/kernel/streams.js';
import { isMadeToOrder } from '../../domain/order/index.js';
import { pickupCounter, quarterFor, quarterOf } from '../../domain/pickup/index.js';
import type { Executor } from '../executor/contract.js';
import { fireTime, readyTime } from '../ticket/fireTime.js';
import type { KitchenFull } from './placeOrderRejection.js';
import type { Placing } from './prepareOrder.js';

/**
 * Whether the kitchen has too much to do to make an order for when it is wanted; undefined: it has room, or nobody said when.
 * What is confirmed counts: who comes in between, and is paid first, may take the room, and then the order is promised later.
 * @throws StoreUnavailable, where the kitchen of the location can make only so much and a time is wanted
 */
export async function whyNoRoom(
  executor: Executor,
  { order: { lines, locationId, mode, placedAt, promisedAt, businessDate, kitchenCapacity } }: Placing,
): Promise<KitchenFull | undefined> {
  if (promisedAt === undefined || businessDate === undefined || kitchenCapacity === undefined) return undefined;
  if (!isMadeToOrder(mode)) return undefined;
  const items = lines.map(({ prepSeconds = 0 }) => ({ prepSeconds }));
  const begun = fireTime(promisedAt, items);
  const from = begun > placedAt ? begun : placedAt;
  const units = lines.reduce((sum, { qty }) => sum + qty, 0);
  const stream = pickupCounterStream(locationId, businessDate);
  const { state } = await executor.load(pickupCounter, stream, { fresh: true });
  const quarter = quarterFor(state, { units, from, capacity: kitchenCapacity });
  return quarter === quarterOf(from) ? undefined : { _tag: 'KitchenFull', promisedAt, next: readyTime(quarter, items) };
}
