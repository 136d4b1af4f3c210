import { alreadyTrue, type Decision, record } from '../kernel/decision.js';
import type { OrderCommand } from './commands.js';
import type { OrderEvent } from './events.js';
import type { ExistingOrder } from './state.js';

/** Somebody writes something down, whatever the order's status. */
export const addNote = (
  { noteId, sealed, visibility }: Extract<OrderCommand, { type: 'AddNote' }>,
  order: ExistingOrder,
): Decision<never, OrderEvent> =>
  order.noteIds.includes(noteId)
    ? alreadyTrue
    : record({ type: 'NoteAdded', data: { noteId, text: '', visibility, sealed } });
