import type { TicketId, TicketItemId } from '../../domain/kernel/ids.js';
import { ticketStream } from '../../domain/kernel/streams.js';
import { ticket } from '../../domain/ticket/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import type { TicketOutcome } from './startItem.js';

/** Notes that an item which was begun is done; with the last one the ticket is ready. */
export const finishItem = (
  executor: Executor,
  id: TicketId,
  itemId: TicketItemId,
  context: CommandContext,
): Promise<TicketOutcome> =>
  executor.execute(
    ticket,
    ticketStream(id),
    { type: 'FinishItem', itemId, by: context.actor.id, at: context.at },
    context,
  );
