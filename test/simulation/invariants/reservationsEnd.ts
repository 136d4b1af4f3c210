import { orderStream } from '../../../src/domain/kernel/streams.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import type { Installation } from '../world/installation.js';
import type { Invariant } from './invariant.js';
import { OVER } from './rest.js';
import { Violation } from './violation.js';

const DELIVERED: ReadonlySet<string> = new Set(['fulfilled', 'completed']);

/** At rest stock is held for nobody whose order is over, and whatever was delivered left the shelf. */
export function reservationsEnd(): Invariant {
  const name = 'every reservation has a live or fulfilled order';
  return {
    name,
    atRest: ({ histories }: Installation) => {
      const held = new Map<string, { orderId: OrderId; qty: number; consumed: boolean }>();
      for (const { event, stream } of histories.events) {
        if (event.type !== 'StockReserved' && event.type !== 'ReservationReleased' && event.type !== 'StockConsumed') {
          continue;
        }
        const key = `${stream}/${event.data.reservationId}`;
        const before = held.get(key) ?? { orderId: event.data.orderId, qty: 0, consumed: false };
        const qty = event.type === 'StockReserved' ? before.qty + event.data.qty : before.qty - event.data.qty;
        held.set(key, { ...before, qty, consumed: before.consumed || event.type === 'StockConsumed' });
      }
      for (const [key, { orderId, qty, consumed }] of held) {
        const order = histories.newestOf('order', orderStream(orderId));
        const status = order?.status ?? 'none';
        if (qty > 0 && (status === 'none' || OVER.has(status)))
          throw new Violation(name, `${key} holds ${qty} for ${orderId}, which is ${status}`);
        if (consumed && !DELIVERED.has(status))
          throw new Violation(name, `${key} is used up, and ${orderId} is ${status}`);
      }
    },
  };
}
