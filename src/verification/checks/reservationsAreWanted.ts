import { reservationIdOf } from '../../commands/identity.js';
import { trieEntries } from '../../domain/kernel/hashTrie.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { isDead, order } from '../../domain/order/index.js';
import { stock } from '../../domain/stock/index.js';
import { checkOfTheEnd } from '../check.js';

/** What is called off of an order that goes on is free for others. Of one that is over it is another rule. */
export const reservationsAreWanted = checkOfTheEnd(
  'reservations-are-wanted',
  'no more is set aside for a line of an order that lives than is still wanted of it',
  function* (world) {
    for (const [stream, item] of world.all(stock)) {
      for (const [reservationId, { orderId, qty, used = 0 }] of trieEntries(item.state.reservations.byId)) {
        if (qty === 0) continue;
        const its = world.one(order, orderStream(orderId));
        if (!its || its.state.status === 'none' || isDead(its.state) || !world.settled(its)) continue;
        const { lines, askedAmendments = [] } = its.state;
        // what an amendment brings is set aside before it is a line, and what it takes is carried over
        if (askedAmendments.at(-1)?.state === 'pending') continue;
        const line = lines.find(({ lineId }) => reservationIdOf(orderId, lineId) === reservationId);
        const wanted = line === undefined ? 0 : line.qty - line.cancelled;
        if (qty + used <= wanted) continue;
        yield {
          where: `${stream} ${reservationId}`,
          text: `${qty} units are set aside for order ${orderId}, which wants fewer of that line`,
          expected: Math.max(0, wanted - used),
          found: qty,
        };
      }
    }
  },
);
