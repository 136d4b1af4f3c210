import * as E from 'fp-ts/lib/Either.js';
import type { TicketOutcome } from '../../commands/ticket/askTicket.js';
import type { TicketId } from '../../domain/kernel/ids.js';
import { remaining, representTicket, type TicketView } from '../../domain/ticket/index.js';
import type { Outcome } from '../http/route.js';
import { missing, resource } from '../http/singles.js';
import { problemOfCommand } from '../problemDetails.js';

/** Over HTTP how many there are is called `quantity`, for orders and tickets alike; of a ticket's item it is what is still wanted. */
export const ticketBody = ({ items, ...rest }: TicketView) => ({
  ...rest,
  items: items.map(({ qty, ...item }) => ({ ...item, quantity: remaining({ ...item, qty }) })),
});

/** A ticket as an answer, or that there is none. */
export const shownTicket = (id: TicketId, view: TicketView | undefined): Outcome =>
  view ? E.right(resource(view, { body: ticketBody(view) })) : E.left(missing('ticket', `ticket ${id}`));

/** What became of a command, as an answer. */
export function ticketOutcome(id: TicketId, outcome: TicketOutcome): Outcome {
  if (E.isLeft(outcome)) return E.left(problemOfCommand(outcome.left, { what: 'ticket', id }));
  return shownTicket(id, representTicket(outcome.right.state, outcome.right.revision));
}
