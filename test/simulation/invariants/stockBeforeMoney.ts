import { reservationIdOf } from '../../../src/commands/identity.js';
import type { ExistingOrder, OrderLine } from '../../../src/domain/order/index.js';
import { addedLines } from '../../../src/domain/order/index.js';
import type { Installation } from '../world/installation.js';
import type { Invariant } from './invariant.js';
import { Violation } from './violation.js';

/**
 * What an amendment brings is set aside before it becomes a part of the order, and before anybody is asked for its price; what
 * is declined holds nothing, and none waits for ever.
 */
export function stockBeforeMoney(): Invariant {
  const name = 'what an amendment brings is set aside before it is asked for';
  const held = new Set<string>();
  const reservationsOf = ({ details: { orderId } }: ExistingOrder, lines: readonly OrderLine[]): readonly string[] =>
    lines.filter(({ track }) => track).map(({ lineId }) => reservationIdOf(orderId, lineId));
  return {
    name,
    stored: ({ stream, revision, event }, histories) => {
      if (event.type === 'StockReserved') held.add(event.data.reservationId);
      if (event.type === 'ReservationCarriedOver') held.add(event.data.to);
      if (event.type === 'ReservationReleased') held.delete(event.data.reservationId);
      if (event.type !== 'OrderAmended') return;
      const order = histories.at(stream, revision) as ExistingOrder;
      const missing = reservationsOf(order, addedLines(event.data.changes)).filter((id) => !held.has(id));
      if (missing.length > 0) throw new Violation(name, `${stream} was amended without ${missing.join(', ')}`);
    },
    atRest: ({ histories }: Installation) => {
      for (const [stream, order] of histories.newest('order')) {
        if (order.status === 'none') continue;
        for (const { amendmentId, state, add } of order.askedAmendments ?? []) {
          if (state === 'pending') throw new Violation(name, `${amendmentId} of ${stream} still waits`);
          const left = state === 'declined' ? reservationsOf(order, add).filter((id) => held.has(id)) : [];
          if (left.length > 0) throw new Violation(name, `${amendmentId} was declined, and holds ${left.join(', ')}`);
        }
      }
    },
  };
}
