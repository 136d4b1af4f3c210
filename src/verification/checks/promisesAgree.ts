import { orderStream } from '../../domain/kernel/streams.js';
import { isDead, order } from '../../domain/order/index.js';
import { isOpened, ticket } from '../../domain/ticket/index.js';
import { checkOfTheEnd } from '../check.js';

/** Nobody waits at another time than the kitchen works for. */
export const promisesAgree = checkOfTheEnd(
  'promises-agree',
  'a kitchen that still has an order makes it for the time that the order is promised for',
  function* (world) {
    for (const [where, folded] of world.all(ticket)) {
      const { state } = folded;
      if (!isOpened(state) || state.status === 'handed_over' || state.status === 'cancelled') continue;
      const its = world.one(order, orderStream(state.details.orderId));
      if (!its || its.state.status === 'none' || isDead(its.state)) continue;
      if (!world.settled(folded) || !world.settled(its) || state.promisedAt === its.state.promisedAt) continue;
      yield {
        where,
        text: `is made for another time than order ${state.details.orderId} says`,
        expected: its.state.promisedAt ?? 'as soon as may be',
        found: state.promisedAt ?? 'as soon as may be',
      };
    }
  },
);
