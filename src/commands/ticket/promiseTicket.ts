import type { TicketId } from '../../domain/kernel/ids.js';
import { ticketStream } from '../../domain/kernel/streams.js';
import { activeItems, isOpened, ticket } from '../../domain/ticket/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import type { TicketOutcome } from './askTicket.js';
import { fireTime } from './fireTime.js';

/**
 * Promises another time, and plans the firing accordingly.
 * @param promisedAt RFC 3339, in any zone
 */
export async function promiseTicket(
  executor: Executor,
  id: TicketId,
  promisedAt: string,
  context: CommandContext,
): Promise<TicketOutcome> {
  const stream = ticketStream(id);
  const { state } = await executor.load(ticket, stream);
  const promise = new Date(promisedAt).toISOString();
  return executor.execute(
    ticket,
    stream,
    {
      type: 'ChangePromise',
      promisedAt: promise,
      fireAt: fireTime(promise, isOpened(state) ? activeItems(state) : []),
      by: context.actor.id,
      at: context.at,
    },
    context,
  );
}
