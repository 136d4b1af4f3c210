import type { OrderId } from '../domain/kernel/ids.js';
import { isShipped, type OrderMode } from '../domain/order/index.js';
import type { Settings } from '../domain/settings/index.js';
import { nothingMore, type ProcessManager, type TimerReaction } from './engine/process.js';
import { toOrder } from './engine/step.js';
import { orderAt, orderIdIn } from './orderLines.js';
import { addMilliseconds } from './time.js';

const NAME = 'completion';
const HOUR_MS = 60 * 60_000;

/** How long after the goods are handed over an order is completed by itself, in milliseconds. */
export type CompletionDelay = (mode: OrderMode, settings: Settings) => number;

const afterHandOver: CompletionDelay = (mode, { completeAfterDeliveryHours, completeAfterPickupHours }) =>
  HOUR_MS * (isShipped(mode) ? completeAfterDeliveryHours : completeAfterPickupHours);

/**
 * Completion, first half: a fulfilled order is completed after a while unless somebody does so before. The while is as the
 * settings have it when the process hears that it is fulfilled.
 */
export const completion = (delayOf: CompletionDelay = afterHandOver): ProcessManager<number | undefined> => ({
  name: NAME,
  wants: (type) => type === 'OrderFulfilled' || type === 'OrderCompleted',
  key: (event) => event.stream,
  load: async (event, folds, related) => {
    if (event.event.type !== 'OrderFulfilled') return undefined;
    const { details } = await orderAt(event, folds);
    return delayOf(details.mode, await related.settings());
  },
  react: (recorded, delay) => {
    const orderId = orderIdIn(recorded);
    const { event } = recorded;
    if (event.type !== 'OrderFulfilled' || delay === undefined) {
      return [{ kind: 'cancel', timerId: completionTimerId(orderId) }];
    }
    return [
      {
        kind: 'schedule',
        timer: {
          id: completionTimerId(orderId),
          process: NAME,
          correlation: orderId,
          dueAt: addMilliseconds(event.data.at, delay),
          task: { type: 'complete-order', orderId },
        },
      },
    ];
  },
  settle: nothingMore,
});

/** Completion, second half. */
export const completionDue: TimerReaction<null> = {
  name: NAME,
  load: () => Promise.resolve(null),
  react: ({ task }) =>
    task.type === 'complete-order' ? [toOrder(task.orderId, 'complete', { type: 'CompleteOrder', by: 'timer' })] : [],
  settle: nothingMore,
};

/** The one timer that completes an order. */
export const completionTimerId = (orderId: OrderId): string => `${NAME}/${orderId}`;
