import { ticketIdOf } from '../commands/identity.js';
import { fireTime } from '../commands/ticket/fireTime.js';
import type { RecordedEvent } from '../domain/events.js';
import { ticketStream } from '../domain/kernel/streams.js';
import type { ExistingOrder } from '../domain/order/index.js';
import { activeItems, isOpened, type Ticket, ticket } from '../domain/ticket/index.js';
import { hasTicket } from './callingOff.js';
import type { Related } from './engine/related.js';
import { type CommandStep, toTicket } from './engine/step.js';

/** The ticket of an order that is wanted at another time from now on; undefined where it is not, or nobody makes it (yet). */
export const ticketToMove = async (
  { event }: RecordedEvent,
  order: ExistingOrder,
  related: Related,
): Promise<Ticket | undefined> =>
  event.type === 'DeliveryChanged' && event.data.promisedAt !== undefined && hasTicket(order)
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
  if (moved === undefined || event.type !== 'DeliveryChanged' || event.data.promisedAt === undefined) return [];
  const { promisedAt } = event.data;
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
