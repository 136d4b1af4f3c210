import type { OrderId } from '../../domain/kernel/ids.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { order } from '../../domain/order/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import { noteIdOf } from '../identity.js';
import type { OrderOutcome } from './cancelOrder.js';

export interface NoteInput {
  readonly text: string;
  readonly visibility: 'staff' | 'kitchen' | 'customer';
  /** Names the note, so that a repeat is the same one. */
  readonly idempotencyKey?: string;
}

/** Writes something down about an order. */
export const addNote = (
  executor: Executor,
  id: OrderId,
  { text, visibility, idempotencyKey }: NoteInput,
  context: CommandContext,
): Promise<OrderOutcome> =>
  executor.execute(
    order,
    orderStream(id),
    { type: 'AddNote', noteId: noteIdOf(id, idempotencyKey ?? context.commandId), text, visibility },
    context,
  );
