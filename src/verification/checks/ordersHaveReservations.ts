import { reservationIdOf } from '../../commands/identity.js';
import { stockStream } from '../../domain/kernel/streams.js';
import { type ExistingOrder, order } from '../../domain/order/index.js';
import { reservationOf, stock } from '../../domain/stock/index.js';
import { checkOfTheEnd } from '../check.js';

/** In these the stock was secured, and the kitchen has not begun to use it up. */
const WAITING: ReadonlySet<ExistingOrder['status']> = new Set(['awaiting_payment', 'confirmed']);

/** An order that was promised its goods has them set aside until they are used. */
export const ordersHaveReservations = checkOfTheEnd(
  'orders-have-reservations',
  'every order that waits for its payment or for the kitchen holds units for each line that stock is kept for',
  function* (world) {
    for (const folded of world.all(order).values()) {
      const { state } = folded;
      if (state.status === 'none' || !WAITING.has(state.status) || state.gates.stock !== 'secured') continue;
      if (!world.settled(folded)) continue;
      const { orderId, locationId } = state.details;
      for (const { lineId, sku, track, qty, cancelled } of state.lines) {
        if (!track || qty === cancelled) continue;
        const reservationId = reservationIdOf(orderId, lineId);
        const item = world.one(stock, stockStream(sku, locationId));
        const held = item && reservationOf(item.state, reservationId);
        // a ticket may have been begun since the order was looked at
        if (held && (held.qty >= qty - cancelled || held.status === 'consumed' || held.consumedBy.length > 0)) continue;
        yield {
          where: `order-${orderId}`,
          text: `${state.status}, but its line ${lineId} (${sku}) has no units set aside`,
          expected: qty - cancelled,
          found: held?.qty ?? 0,
        };
      }
    }
  },
);
