import type { TicketId } from '../../domain/kernel/ids.js';
import { ticketStream } from '../../domain/kernel/streams.js';
import { isOpened, type Recipient, type Ticket, ticket } from '../../domain/ticket/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import type { TicketOutcome } from './askTicket.js';

export interface HandOverInput {
  /** Absent: the table for an order that is eaten here, the courier for one that is brought, else the customer. */
  readonly to?: Recipient;
  readonly code?: string;
}

/** Hands over what is ready. */
export async function handOver(
  executor: Executor,
  id: TicketId,
  { to, code }: HandOverInput,
  context: CommandContext,
): Promise<TicketOutcome> {
  const stream = ticketStream(id);
  const recipient = to ?? usualRecipient((await executor.load(ticket, stream)).state);
  return executor.execute(
    ticket,
    stream,
    { type: 'HandOver', to: recipient, at: context.at, ...(code === undefined ? {} : { code }) },
    context,
  );
}

// the mode of an order never changes, so a cached state is as good as a fresh one
function usualRecipient(state: Ticket): Recipient {
  const mode = isOpened(state) ? state.details.mode : undefined;
  if (mode === 'dine_in') return 'table';
  return mode === 'delivery' || mode === 'shipping' ? 'courier' : 'customer';
}
