import { locationId, opaqueId, orderId, revision, sku, ticketId, ticketItemId } from './ids.js';
import { noteAnswer } from './note.js';
import { orderMode } from './order.js';
import { boolean, dateTime, integer, oneOf, text } from './primitives.js';
import { described, named } from './schema.js';
import { list, object } from './structures.js';

export const ticketState = oneOf('scheduled', 'queued', 'preparing', 'ready', 'handed_over', 'cancelled');

export const ticketAnswer = named(
  'Ticket',
  object(
    {
      id: ticketId,
      orderId,
      orderNumber: text(20),
      locationId,
      mode: orderMode,
      state: ticketState,
      revision,
      items: list(
        named(
          'TicketItem',
          object(
            {
              itemId: ticketItemId,
              lineId: opaqueId,
              sku,
              name: text(100),
              quantity: described(integer(0), 'Units still to be made'),
              voided: described(integer(0), 'Units not wanted any more'),
              unacknowledged: described(integer(0), 'Of these, begun and not yet seen by the kitchen'),
              options: list(object({ name: text(100), choice: text(100) })),
              station: text(40),
              prepSeconds: integer(0),
              state: oneOf('queued', 'cooking', 'done', 'voided'),
            },
            {
              allergens: described(list(text(40)), 'What is in it that some must not eat'),
              escalated: described(boolean, 'Nobody has seen the voided units for five minutes: it is a task by now'),
              soldOut: described(
                boolean,
                'Not begun, and suspended by now: call it off, or say that some were found. It is the catalogue that says so, so it ' +
                  'may come and go without another revision of the ticket',
              ),
              note: noteAnswer,
            },
          ),
        ),
      ),
      rush: described(boolean, 'Before the others'),
      openedAt: dateTime,
    },
    {
      notes: described(
        list(noteAnswer),
        'What the customer, and then the staff, want the kitchen to know of all of it',
      ),
      pickupNo: described(
        integer(0),
        'What is called out: small, and unique at the location for the business day; another one where it is moved to another day',
      ),
      table: text(40),
      promisedAt: dateTime,
      fireAt: described(dateTime, 'When it comes, or came, to the cooks, where that is later than when it was opened'),
      readyAt: dateTime,
      handedOverAt: dateTime,
      cancelledAt: dateTime,
    },
  ),
);
