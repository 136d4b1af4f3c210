import type { Either } from 'fp-ts/lib/Either.js';
import type { TicketId } from '../../domain/kernel/ids.js';
import { ticketStream } from '../../domain/kernel/streams.js';
import {
  type Ticket,
  ticket,
  type TicketCommand,
  type TicketEvent,
  type TicketRejection,
} from '../../domain/ticket/index.js';
import type { CommandContext, Committed, Executor, ExecutorRejection } from '../executor/contract.js';

export type TicketOutcome = Either<TicketRejection | ExecutorRejection, Committed<Ticket, TicketEvent>>;

/** Asks a ticket for something that needs nothing but the ticket itself. */
export const askTicket = (
  executor: Executor,
  id: TicketId,
  command: TicketCommand,
  context: CommandContext,
): Promise<TicketOutcome> => executor.execute(ticket, ticketStream(id), command, context);
