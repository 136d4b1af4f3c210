import { paymentIdOf } from '../commands/identity.js';
import type { OrderId } from '../domain/kernel/ids.js';
import { orderStream } from '../domain/kernel/streams.js';
import { order, type Order } from '../domain/order/index.js';
import { nothingMore, type ProcessManager, type TimerReaction } from './engine/process.js';
import { toOrder } from './engine/step.js';
import { orderIdIn } from './orderLines.js';
import { addMinutes } from './time.js';

const NAME = 'hold-deadline';

/** Hold deadline, first half: whoever holds an order has so long to decide. */
export const holdDeadline: ProcessManager<null> = {
  name: NAME,
  wants: (type) => type === 'OrderHeld',
  key: (event) => event.stream,
  load: () => Promise.resolve(null),
  react: (recorded) => {
    const { event, revision } = recorded;
    if (event.type !== 'OrderHeld') return [];
    const orderId = orderIdIn(recorded);
    const { decideBy } = event.data;
    return [
      {
        kind: 'schedule',
        timer: {
          // an order may be held several times
          id: holdTimerId(orderId, revision),
          process: NAME,
          correlation: orderId,
          dueAt: decideBy,
          task: { type: 'hold-due', orderId, decideBy },
        },
      },
    ];
  },
  settle: nothingMore,
};

/** The timer that ends a hold, by the revision of the event that put it on. */
export const holdTimerId = (orderId: OrderId, revision: number): string => `${NAME}/${orderId}/${revision}`;

/** Hold deadline, second half: an order that nobody decided on is rejected. */
export const holdDue: TimerReaction<Order> = {
  name: NAME,
  load: async ({ task }, related) => {
    if (task.type !== 'hold-due') throw new Error(`${NAME} knows no timer ${task.type}`);
    return related.latest(order, orderStream(task.orderId));
  },
  react: ({ task }, state, now) => {
    if (task.type !== 'hold-due' || state.status !== 'on_hold' || state.hold.decideBy !== task.decideBy) return [];
    const { orderId } = task;
    return [
      toOrder(orderId, 'undecided', {
        type: 'ResolveHold',
        decision: 'reject',
        by: 'system',
        at: now,
        reason: `nobody decided in time: ${state.hold.detail}`,
        acceptance: {
          paymentId: paymentIdOf(orderId, 1),
          paymentDueAt: addMinutes(now, state.details.paymentWindowMinutes),
        },
      }),
    ];
  },
  settle: nothingMore,
};
