import { order } from '../../domain/order/index.js';
import { checkOfTheEnd } from '../check.js';

/** An order that is not finished must be waiting for something that will come: a step under way, or a timer. */
export const ordersAreOnTheirWay = checkOfTheEnd(
  'orders-are-on-their-way',
  'every order is finished, or has a step under way or a timer that ends its waiting',
  function* (world) {
    for (const [where, folded] of world.all(order)) {
      const { state } = folded;
      if (!world.settled(folded)) continue;
      const timers = world.tables.timers.get(where.slice(`${order.category}-`.length)) ?? [];
      switch (state.status) {
        case 'placed':
          if (state.gates.stock === 'pending') yield { where, text: 'placed, but nothing reserves its stock' };
          else if (world.quiet(folded.at)) yield { where, text: 'placed, but nothing accepts or rejects it' };
          break;
        case 'awaiting_payment':
          if (timers.length === 0) yield { where, text: 'waits for its payment without a timer that ends the waiting' };
          break;
        case 'on_hold': {
          const ends = Date.parse(state.hold.decideBy);
          const ending = timers.some(({ task, dueAt }) => task.type === 'hold-due' && dueAt.getTime() === ends);
          if (!ending) yield { where, text: `on hold until ${state.hold.decideBy} without a timer that ends it` };
          break;
        }
        case 'fulfilled':
          if (timers.length === 0) yield { where, text: 'fulfilled, but no timer completes it' };
          break;
        default:
          break;
      }
    }
  },
);
