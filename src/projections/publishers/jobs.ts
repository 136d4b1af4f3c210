import type { RecordedEvent } from '../../domain/events.js';
import type { Folds } from '../../subscriptions/contract.js';
import type { Message } from './message.js';
import { orderBlock } from './orderBlock.js';
import { orderAt } from './states.js';

/** The work that an event asks an engine to do; undefined where it asks for none. The same event gives the same job. */
export async function jobOf(recorded: RecordedEvent, folds: Folds): Promise<Message | undefined> {
  const { event } = recorded;
  if (event.type !== 'OrderPlaced') return undefined;
  const { orderId, screening, checkId, placedAt, total, destination } = event.data;
  if (screening === undefined || checkId === undefined) return undefined;
  const { timeoutSeconds, onSilence: _, ...limits } = screening;
  return {
    type: 'check.requested.v1',
    subject: orderId,
    id: checkId,
    data: {
      checkId,
      requestId: recorded.id,
      actionType: 'order_check',
      order: orderBlock(await orderAt(recorded, folds)),
      value: total,
      deadline: new Date(Date.parse(placedAt) + timeoutSeconds * 1_000).toISOString(),
      ...(destination === undefined ? {} : { destination }),
      limits,
    },
  };
}
