import type { OrderId } from '../domain/kernel/ids.js';
import type { OrderMode } from '../domain/order/index.js';
import { nothingMore, type ProcessManager, type TimerReaction } from './engine/process.js';
import { toOrder } from './engine/step.js';
import { orderAt, orderIdIn, type OrderDetails } from './orderLines.js';
import { addMilliseconds } from './time.js';

const NAME = 'completion';
const HOUR_MS = 60 * 60_000;

/** How long after the goods are handed over an order is completed by itself, in milliseconds. */
export type CompletionDelays = Readonly<Record<OrderMode, number>>;
export const COMPLETION_DELAYS: CompletionDelays = {
  pickup: 24 * HOUR_MS,
  dine_in: 24 * HOUR_MS,
  delivery: 7 * 24 * HOUR_MS,
  shipping: 7 * 24 * HOUR_MS,
  digital: 24 * HOUR_MS,
};

/** Completion, first half: a fulfilled order is completed after a while unless somebody does so before. */
export const completion = (delays: CompletionDelays): ProcessManager<OrderDetails | undefined> => ({
  name: NAME,
  wants: (type) => type === 'OrderFulfilled' || type === 'OrderCompleted',
  key: (event) => event.stream,
  load: async (event, folds) =>
    event.event.type === 'OrderFulfilled' ? (await orderAt(event, folds)).details : undefined,
  react: (recorded, details) => {
    const orderId = orderIdIn(recorded);
    const { event } = recorded;
    if (event.type !== 'OrderFulfilled' || details === undefined) {
      return [{ kind: 'cancel', timerId: timerIdOf(orderId) }];
    }
    return [
      {
        kind: 'schedule',
        timer: {
          id: timerIdOf(orderId),
          process: NAME,
          correlation: orderId,
          dueAt: addMilliseconds(event.data.at, delays[details.mode]),
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

const timerIdOf = (orderId: OrderId): string => `${NAME}/${orderId}`;
