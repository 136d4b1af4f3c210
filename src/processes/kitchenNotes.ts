import { ticketIdOf } from '../commands/identity.js';
import type { RecordedEvent } from '../domain/events.js';
import type { ExistingOrder, KitchenNote } from '../domain/order/index.js';
import { hasTicket, waitForTicket } from './callingOff.js';
import type { ProcessManager } from './engine/process.js';
import { type CommandStep, toTicket } from './engine/step.js';
import { orderAt } from './orderLines.js';

const WANTED: ReadonlySet<string> = new Set(['NoteAdded', 'OrderConfirmed']);

/**
 * Kitchen notes: what the staff wrote down for the kitchen comes onto the ticket, at once where the kitchen has the order, else
 * as soon as it has. The customer's own notes are on the ticket from its beginning: see the kitchen consumer.
 */
export const kitchenNotes: ProcessManager<ExistingOrder> = {
  name: 'kitchen-notes',
  wants: (type) => WANTED.has(type),
  key: (event) => event.stream,
  load: (event, folds) => orderAt(event, folds),
  react: (recorded, order) =>
    hasTicket(order) ? newNotes(recorded, order).map((note) => toKitchen(order, note, recorded)) : [],
  settle: (_event, _order, outcomes) => waitForTicket(outcomes),
};

/** What the kitchen was not told yet: of an order that was confirmed just now, everything. */
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
