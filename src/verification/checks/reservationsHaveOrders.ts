import { orderStream } from '../../domain/kernel/streams.js';
import { trieEntries } from '../../domain/kernel/hashTrie.js';
import { isDead, order } from '../../domain/order/index.js';
import { stock } from '../../domain/stock/index.js';
import { checkOfTheEnd } from '../check.js';

/** A reservation that nobody will ever use or give back keeps stock from everybody else. */
export const reservationsHaveOrders = checkOfTheEnd(
  'reservations-have-orders',
  'every reservation that holds units belongs to an order that lives or was served',
  function* (world) {
    for (const [stream, item] of world.all(stock)) {
      for (const [reservationId, { orderId, qty, status }] of trieEntries(item.state.reservations.byId)) {
        if (qty === 0) continue;
        const where = `${stream} ${reservationId}`;
        const its = world.one(order, orderStream(orderId));
        if (!its || its.state.status === 'none') {
          yield { where, text: `${qty} units are held for order ${orderId}, which does not exist` };
        } else if (isDead(its.state) && world.settled(its)) {
          yield {
            where,
            text: `${qty} units are still ${status} for order ${orderId}, which is ${its.state.status}`,
            expected: 'released',
            found: status,
          };
        }
      }
    }
  },
);
