import type { RecordedEvent } from '../../domain/events.js';
import { representTicket, ticket, type TicketView } from '../../domain/ticket/index.js';
import { typesOf } from '../documents/document.js';
import type { ReadModel } from '../documents/documentTable.js';
import { storedDocuments } from '../documents/storedDocuments.js';
import { KITCHEN_BOARD } from './schema.js';

/** The kitchen board: every ticket, by state. */
export function kitchenProjection(
  options: { readonly committed?: (events: readonly RecordedEvent[]) => void } = {},
): ReadModel {
  const documents = storedDocuments({
    folding: ticket,
    stateVersion: 1,
    table: KITCHEN_BOARD,
    idOf: (stream) => stream.slice(`${ticket.category}-`.length),
    represent: (state, revision): TicketView | undefined => representTicket(state, revision),
    columns: [
      { name: 'status', type: 'text' },
      { name: 'opened_at', type: 'timestamptz' },
    ],
    columnsOf: (view) => ({ status: view.state, opened_at: view.openedAt }),
  });
  return {
    name: KITCHEN_BOARD,
    tables: [documents.table],
    wants: typesOf(ticket),
    project: (events, transaction) => documents.project(events, transaction),
    ...(options.committed ? { committed: options.committed } : {}),
  };
}
