import { ticketStream } from '../../domain/kernel/streams.js';
import { ticket } from '../../domain/ticket/index.js';
import { asking } from '../executor/ask.js';

/** Asks a ticket for something that needs nothing but the ticket itself. */
export const askTicket = asking(ticket, ticketStream);

export type TicketOutcome = Awaited<ReturnType<typeof askTicket>>;
