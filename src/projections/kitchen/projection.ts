import type { RecordedEvent } from '../../domain/events.js';
import { representTicket, ticket, type TicketView } from '../../domain/ticket/index.js';
import { typesOf } from '../documents/document.js';
import type { ReadModel } from '../documents/documentTable.js';
import { storedDocuments } from '../documents/storedDocuments.js';
import { KITCHEN_BOARD } from './schema.js';

/** Whether a ticket is the kitchen's business: until it is over, and what was taken away from it has been seen. */
export const isOnBoard = ({ state, items }: TicketView): boolean =>
  (state !== 'handed_over' && state !== 'cancelled') || items.some(({ unacknowledged }) => unacknowledged > 0);

const isOfATicket = ({ event, revision }: RecordedEvent): boolean => event.type !== 'TicketCancelled' || revision > 0;

export interface KitchenProjectionOptions {
  /** How many states are kept in memory; default as {@link storedDocuments} has it. */
  readonly maxStates?: number;
}

/** The kitchen board: every ticket, by state. */
export function kitchenProjection({ maxStates }: KitchenProjectionOptions = {}): ReadModel {
  const documents = storedDocuments({
    folding: ticket,
    stateVersion: 2,
    table: KITCHEN_BOARD,
    idOf: (stream) => stream.slice(`${ticket.category}-`.length),
    represent: (state, revision): TicketView | undefined => representTicket(state, revision),
    columns: [
      { name: 'status', type: 'text' },
      { name: 'on_board', type: 'boolean' },
      { name: 'rush', type: 'boolean' },
      { name: 'stations', type: 'jsonb' },
      { name: 'opened_at', type: 'timestamptz' },
    ],
    ...(maxStates === undefined ? {} : { maxStates }),
    columnsOf: (view) => ({
      status: view.state,
      on_board: isOnBoard(view),
      rush: view.rush,
      stations: JSON.stringify([...new Set(view.items.map(({ station }) => station))]),
      opened_at: view.openedAt,
    }),
  });
  return {
    name: KITCHEN_BOARD,
    tables: [documents.table],
    wants: typesOf(ticket),
    // a ticket that was cancelled before it was opened is on no board, and never will be
    project: (events, transaction) => documents.project(events.filter(isOfATicket), transaction),
    committed: () => documents.committed(),
  };
}
