import { ticketIdOf } from '../../commands/identity.js';
import { orderStream, ticketStream } from '../../domain/kernel/streams.js';
import { isMadeToOrder, isShipped, openQty, order } from '../../domain/order/index.js';
import { isOpened, ticket } from '../../domain/ticket/index.js';
import { checkOfTheEnd } from '../check.js';

/** Nothing is cooked twice, for nobody, or not at all. */
export const oneTicketAnOrder = checkOfTheEnd(
  'one-ticket-an-order',
  'an order that was paid for has one ticket at its location, and every ticket has its order',
  function* (world) {
    for (const [where, folded] of world.all(ticket)) {
      const { state } = folded;
      if (!isOpened(state)) continue;
      const { orderId, locationId, ticketId } = state.details;
      const its = world.one(order, orderStream(orderId))?.state;
      if (!its || its.status === 'none') {
        yield { where, text: `is for order ${orderId}, which does not exist` };
        continue;
      }
      if (ticketId !== ticketIdOf(orderId, locationId)) {
        yield { where, text: `is another ticket than the one of order ${orderId} at ${locationId}` };
      }
      // what is brought is served when its shipment arrives
      const open = !isShipped(its.details.mode) && its.lines.some((line) => openQty(line) > 0);
      if (state.status === 'handed_over' && its.status === 'in_fulfilment' && open && world.settled(folded)) {
        yield { where, text: `was handed over, but order ${orderId} does not know that it was served` };
      }
    }

    for (const [where, folded] of world.all(order)) {
      const { state } = folded;
      if (state.status === 'none') continue;
      for (const { ticketId } of state.tickets) {
        if (!world.one(ticket, ticketStream(ticketId)))
          yield { where, text: `names ticket ${ticketId}, which does not exist` };
      }
      if (state.status !== 'confirmed' || !isMadeToOrder(state.details.mode) || !world.atRest(folded)) continue;
      const { orderId, locationId } = state.details;
      const ticketId = ticketIdOf(orderId, locationId);
      if (!world.one(ticket, ticketStream(ticketId))) {
        yield { where, text: 'confirmed, but the kitchen has no ticket of it' };
      }
    }
  },
);
