import type { TicketId } from '../../domain/kernel/ids.js';
import { ticketStream } from '../../domain/kernel/streams.js';
import { ticket } from '../../domain/ticket/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import type { TicketOutcome } from './startItem.js';

/** The whole ticket at one touch: every item is done, begun or not. */
export const bumpTicket = (executor: Executor, id: TicketId, context: CommandContext): Promise<TicketOutcome> =>
  executor.execute(ticket, ticketStream(id), { type: 'BumpTicket', by: context.actor.id, at: context.at }, context);
