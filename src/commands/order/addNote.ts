import * as E from 'fp-ts/lib/Either.js';
import type { OrderId } from '../../domain/kernel/ids.js';
import { notFound } from '../../domain/kernel/rejections.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { order } from '../../domain/order/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import { noteIdOf } from '../identity.js';
import type { PersonalData } from '../ports/personalData.js';
import type { OrderOutcome } from './cancelOrder.js';

export interface NoteInput {
  readonly text: string;
  readonly visibility: 'staff' | 'kitchen' | 'customer';
  /** Names the note, so that a repeat is the same one. */
  readonly idempotencyKey?: string;
}

/**
 * Writes something down about an order. What people write may be about people, so it is sealed under the key of whom the
 * order is for.
 * @throws StoreUnavailable; DatabaseUnavailable where the key must be kept
 */
export async function addNote(
  { executor, personalData }: { readonly executor: Executor; readonly personalData: PersonalData },
  id: OrderId,
  { text, visibility, idempotencyKey }: NoteInput,
  context: CommandContext,
): Promise<OrderOutcome> {
  // nobody gets a key for an order that does not exist
  const { state } = await executor.load(order, orderStream(id), { fresh: true });
  if (state.status === 'none') return E.left(notFound('order', id));
  const noteId = noteIdOf(id, idempotencyKey ?? context.commandId);
  const sealed = await personalData.seal(id, 'note', text);
  return await executor.execute(order, orderStream(id), { type: 'AddNote', noteId, sealed, visibility }, context);
}
