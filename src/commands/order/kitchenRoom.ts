import type { LocationId, TicketId } from '../../domain/kernel/ids.js';
import { pickupCounterStream } from '../../domain/kernel/streams.js';
import { isMadeToOrder, type OrderMode } from '../../domain/order/index.js';
import { pickupCounter, quarterFor, quarterOf } from '../../domain/pickup/index.js';
import type { Executor } from '../executor/contract.js';
import { fireTime, readyTime } from '../ticket/fireTime.js';
import type { KitchenFull } from './placeOrderRejection.js';

/** What is to be made, and for when. */
export interface WantedThen {
  readonly locationId: LocationId;
  readonly mode: OrderMode;
  readonly lines: readonly { readonly qty: number; readonly prepSeconds?: number | undefined }[];
  /** RFC 3339, UTC, milliseconds: now. */
  readonly at: string;
  /** RFC 3339, UTC, milliseconds; absent: as soon as may be. */
  readonly promisedAt?: string | undefined;
  /** The business day that it is wanted on, `YYYY-MM-DD`. */
  readonly businessDate?: string | undefined;
  /** Units that the kitchen makes in a quarter of an hour; absent: whatever comes. */
  readonly kitchenCapacity?: number | undefined;
  /** Its ticket, where it may have one: what that takes up already stands in its own way nowhere. */
  readonly ticketId?: TicketId;
}

/**
 * Whether the kitchen has too much to do to make an order for when it is wanted; undefined: it has room, or nobody said when.
 * What is confirmed counts: who comes in between, and is paid first, may take the room, and then the order is promised later.
 * @throws StoreUnavailable, where the kitchen of the location can make only so much and a time is wanted
 */
export async function whyNoRoom(
  executor: Executor,
  { lines, locationId, mode, at, promisedAt, businessDate, kitchenCapacity, ticketId }: WantedThen,
): Promise<KitchenFull | undefined> {
  if (promisedAt === undefined || businessDate === undefined || kitchenCapacity === undefined) return undefined;
  if (!isMadeToOrder(mode)) return undefined;
  const items = lines.map(({ prepSeconds = 0 }) => ({ prepSeconds }));
  const begun = fireTime(promisedAt, items);
  const from = begun > at ? begun : at;
  const units = lines.reduce((sum, { qty }) => sum + qty, 0);
  const { state } = await executor.load(pickupCounter, pickupCounterStream(locationId, businessDate), { fresh: true });
  const others =
    ticketId === undefined ? state : pickupCounter.evolve(state, { type: 'KitchenLoadRemoved', data: { ticketId } });
  const quarter = quarterFor(others, { units, from, capacity: kitchenCapacity });
  return quarter === quarterOf(from) ? undefined : { _tag: 'KitchenFull', promisedAt, next: readyTime(quarter, items) };
}
