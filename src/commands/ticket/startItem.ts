import type { Either } from 'fp-ts/lib/Either.js';
import type { TicketId, TicketItemId } from '../../domain/kernel/ids.js';
import { ticketStream } from '../../domain/kernel/streams.js';
import { type Ticket, ticket, type TicketEvent, type TicketRejection } from '../../domain/ticket/index.js';
import type { CommandContext, Committed, Executor, ExecutorRejection } from '../executor/contract.js';

export type TicketOutcome = Either<TicketRejection | ExecutorRejection, Committed<Ticket, TicketEvent>>;

/** Notes that somebody began to make an item; one that was begun or done already stays as it is. */
export const startItem = (
  executor: Executor,
  id: TicketId,
  itemId: TicketItemId,
  context: CommandContext,
): Promise<TicketOutcome> =>
  executor.execute(ticket, ticketStream(id), { type: 'StartItem', itemId, by: context.actor.id }, context);
