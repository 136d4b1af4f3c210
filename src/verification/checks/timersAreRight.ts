import { isId } from '../../domain/kernel/ids.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { order } from '../../domain/order/index.js';
import { checkOfTheEnd } from '../check.js';

/** Open timers against the orders that they are about, and against the clock. */
export const timersAreRight = checkOfTheEnd(
  'timers-are-right',
  'every open timer is about an order that exists, is set for the right moment, and is not overdue',
  function* (world) {
    for (const [correlation, timers] of world.tables.timers) {
      const its = isId('order', correlation) ? world.one(order, orderStream(correlation))?.state : undefined;
      for (const { id, dueAt, task } of timers) {
        const where = `timer ${id}`;
        if (!its || its.status === 'none') {
          yield { where, text: `is about ${correlation}, which does not exist` };
          continue;
        }
        if (world.quiet(dueAt.getTime())) {
          yield { where, text: `has been due since ${dueAt.toISOString()} and did not fire` };
        }
        // those that a decision or a failure set beside it have names of their own
        const isFirst = task.type === 'payment-due' && id === `payment-deadline/${correlation}/0`;
        const expected = isFirst ? its.awaited?.dueAt : undefined;
        if (expected !== undefined && Date.parse(expected) !== dueAt.getTime()) {
          yield { where, text: 'is set for another moment than its order says', expected, found: dueAt.toISOString() };
        }
      }
    }
  },
);
