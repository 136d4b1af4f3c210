import { ticketIdOf } from '../commands/identity.js';
import { fireTime } from '../commands/ticket/fireTime.js';
import type { RecordedEvent } from '../domain/events.js';
import type { OrderId } from '../domain/kernel/ids.js';
import { ticketStream } from '../domain/kernel/streams.js';
import type { ExistingOrder, OrderCommand } from '../domain/order/index.js';
import { activeItems, type ExistingTicket, isOpened, type Ticket, ticket } from '../domain/ticket/index.js';
import { hasTicket } from './callingOff.js';
import type { Related } from './engine/related.js';
import { type CommandStep, toOrder, toTicket } from './engine/step.js';
import type { OrderDetails } from './orderLines.js';

/** Who tells the kitchen what people want. */
export const PROMISE_MOVER = 'delivery';
const MOVER = `system/${PROMISE_MOVER}`;

/** The ticket of an order that is wanted at another time from now on; undefined where it is not, or nobody makes it (yet). */
export const ticketToMove = async (
  { event }: RecordedEvent,
  order: ExistingOrder,
  related: Related,
): Promise<Ticket | undefined> =>
  wishOf(event) !== undefined && hasTicket(order)
    ? related.latest(ticket, ticketStream(ticketIdOf(order.details.orderId, order.details.locationId)))
    : undefined;

/**
 * Another time for the kitchen that has the order. What it has done or handed over stays so; before the order is confirmed there
 * is nothing to tell, for its ticket is opened for the time that holds by then.
 */
export function movePromise(
  { event, meta }: RecordedEvent,
  { details: { orderId, locationId } }: ExistingOrder,
  moved: Ticket | undefined,
): readonly CommandStep[] {
  const promisedAt = wishOf(event);
  if (moved === undefined || promisedAt === undefined) return [];
  return [
    toTicket(ticketIdOf(orderId, locationId), 'promise', {
      type: 'ChangePromise',
      promisedAt,
      fireAt: fireTime(promisedAt, isOpened(moved) ? activeItems(moved) : []),
      by: meta.actor.id,
      at: meta.at,
    }),
  ];
}

/** When somebody wants it by now. What the kitchen has promised itself, it knows: told again, it would overturn what it says next. */
const wishOf = (event: RecordedEvent['event']): string | undefined =>
  event.type === 'DeliveryChanged' && event.data.by !== 'system' ? event.data.promisedAt : undefined;

export type ToldPromise = Pick<Extract<OrderCommand, { type: 'RecordPromise' }>, 'promisedAt' | 'byKitchen'>;

/**
 * A ticket that is promised for another time than its order was placed for, or for another than until then. Whoever changed it last
 * is right, so that it is looked at as it stands now, whenever this is heard.
 * @returns undefined where that is nothing new
 */
export async function newlyPromised(
  { event }: Pick<RecordedEvent, 'event'>,
  opened: ExistingTicket,
  placed: Pick<OrderDetails, 'promisedAt'>,
  related: Pick<Related, 'latest'>,
): Promise<ExistingTicket | undefined> {
  const isNews =
    event.type === 'TicketPromiseChanged' || (event.type === 'TicketOpened' && opened.promisedAt !== placed.promisedAt);
  if (!isNews) return undefined;
  const now = await related.latest(ticket, ticketStream(opened.details.ticketId));
  return isOpened(now) ? now : undefined;
}

/**
 * What an order is to hear that its kitchen promises: how it stands now. Of its own accord the kitchen has said it only where that
 * is still what this event said, and it was not told so by the order: anything else is older than what people may have said
 * meanwhile.
 */
export function promiseToTell(
  { event, meta }: Pick<RecordedEvent, 'event' | 'meta'>,
  { promisedAt }: ExistingTicket,
): ToldPromise | undefined {
  if (promisedAt === undefined) return undefined;
  const isItsWord =
    event.type === 'TicketPromiseChanged' && event.data.promisedAt === promisedAt && meta.actor.id !== MOVER;
  return { promisedAt, ...(isItsWord ? { byKitchen: true } : {}) };
}

/** Tells the order, if there is anything to tell. */
export const tellPromise = (orderId: OrderId, told: ToldPromise | undefined): readonly CommandStep[] =>
  told === undefined ? [] : [toOrder(orderId, 'promise', { type: 'RecordPromise', ...told })];
