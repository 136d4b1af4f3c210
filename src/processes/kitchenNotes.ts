import { ticketIdOf } from '../commands/identity.js';
import type { RecordedEvent } from '../domain/events.js';
import { orderStream } from '../domain/kernel/streams.js';
import { type ExistingOrder, type KitchenNote, order } from '../domain/order/index.js';
import { hasTicket, waitForTicket } from './callingOff.js';
import type { ProcessManager } from './engine/process.js';
import type { Related } from './engine/related.js';
import { type CommandStep, toTicket } from './engine/step.js';
import { orderAt } from './orderLines.js';

const WANTED: ReadonlySet<string> = new Set(['NoteAdded', 'TicketOpened']);

/**
 * Kitchen notes: what the staff wrote down for the kitchen comes onto the ticket, at once where the kitchen has the order. What was
 * written before the order was confirmed comes with the opening of the ticket, which so nobody has to wait for. The customer's own
 * notes are on the ticket from its beginning: see the kitchen consumer.
 */
export const kitchenNotes: ProcessManager<ExistingOrder> = {
  name: 'kitchen-notes',
  wants: (type) => WANTED.has(type),
  key: (event) => event.stream,
  load: (recorded, folds, related) =>
    recorded.event.type === 'TicketOpened' ? confirmedOrder(recorded, related) : orderAt(recorded, folds),
  react: (recorded, state) =>
    hasTicket(state) ? newNotes(recorded, state).map((note) => toKitchen(state, note, recorded)) : [],
  settle: (_event, _order, outcomes) => waitForTicket(outcomes),
};

/** The order of a ticket with all that was noted before it was confirmed; how long before it was so is all the same. */
async function confirmedOrder({ event, stream }: RecordedEvent, related: Related): Promise<ExistingOrder> {
  if (event.type !== 'TicketOpened') throw new Error(`${stream} was not opened`);
  const its = orderStream(event.data.orderId);
  const known = await related.known(order, its);
  const confirmed = known.status !== 'none' && known.wasConfirmed ? known : await related.latest(order, its);
  if (confirmed.status === 'none') throw new Error(`${stream} belongs to an order that does not exist`);
  return confirmed;
}

/** What the kitchen was not told yet: with its ticket, everything. What it is told twice it knows by its id. */
function newNotes({ event }: RecordedEvent, { kitchenNotes: all = [] }: ExistingOrder): readonly KitchenNote[] {
  return event.type === 'NoteAdded' ? all.filter(({ noteId }) => noteId === event.data.noteId) : all;
}

const toKitchen = (
  { details: { orderId, locationId } }: ExistingOrder,
  { noteId, note }: KitchenNote,
  { event, meta }: RecordedEvent,
): CommandStep =>
  toTicket(ticketIdOf(orderId, locationId), `note ${noteId}`, {
    type: 'AddNote',
    noteId,
    note,
    by: event.type === 'NoteAdded' ? meta.actor.id : kitchenNotes.name,
  });
