import { orderStream, stockStream } from '../../../src/domain/kernel/streams.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { isOpened } from '../../../src/domain/ticket/index.js';
import type { Installation } from '../world/installation.js';
import type { Invariant } from './invariant.js';
import { OVER } from './rest.js';
import { Violation } from './violation.js';

/** What changes how much is held. */
const CHANGES: ReadonlySet<string> = new Set([
  'StockReserved',
  'ReservationReleased',
  'ReservationReduced',
  'StockConsumed',
]);
const DELIVERED: ReadonlySet<string> = new Set(['fulfilled', 'completed']);

/**
 * At rest stock is held for nobody whose order is over, and what was used up was delivered, or the kitchen had begun it: staff
 * may call off what is being cooked, and it is lost.
 */
export function reservationsEnd(): Invariant {
  const name = 'every reservation has a live or fulfilled order';
  return {
    name,
    atRest: (installation: Installation) => {
      const { histories } = installation;
      const held = new Map<string, { orderId: OrderId; qty: number; wanted: boolean }>();
      const begun = begunIn(installation);
      for (const { event, stream } of histories.events) {
        if (event.type === 'ReservationCarriedOver') {
          const { from, to, orderId, qty } = event.data;
          for (const [id, change] of [
            [from, -qty],
            [to, qty],
          ] as const) {
            const before = held.get(`${stream}/${id}`) ?? { orderId, qty: 0, wanted: false };
            held.set(`${stream}/${id}`, { ...before, qty: before.qty + change });
          }
        }
        if (!CHANGES.has(event.type) || !('reservationId' in event.data && 'qty' in event.data)) continue;
        const key = `${stream}/${event.data.reservationId}`;
        const before = held.get(key) ?? { orderId: event.data.orderId, qty: 0, wanted: false };
        const qty =
          event.type === 'StockReserved' ? before.qty + event.data.qty : Math.max(0, before.qty - event.data.qty);
        const wanted = before.wanted || (event.type === 'StockConsumed' && !begun.has(`${event.data.by}/${stream}`));
        held.set(key, { ...before, qty, wanted });
      }
      for (const [key, { orderId, qty, wanted }] of held) {
        const order = histories.newestOf('order', orderStream(orderId));
        const status = order?.status ?? 'none';
        if (qty > 0 && (status === 'none' || OVER.has(status)))
          throw new Violation(name, `${key} holds ${qty} for ${orderId}, which is ${status}`);
        if (wanted && !DELIVERED.has(status))
          throw new Violation(name, `${key} is used up, and ${orderId} is ${status}`);
      }
    },
  };
}

/** Which items of stock each ticket had begun to use: where nobody began, nothing may be lost. */
function begunIn({ histories }: Installation): ReadonlySet<string> {
  const begun = new Set<string>();
  for (const { event, stream } of histories.events) {
    if (event.type !== 'ItemStarted') continue;
    const ticket = histories.newestOf('ticket', stream);
    const item = ticket && isOpened(ticket) && ticket.items.find(({ itemId }) => itemId === event.data.itemId);
    if (item) begun.add(`${ticket.details.ticketId}/${stockStream(item.sku, ticket.details.locationId)}`);
  }
  return begun;
}
