import { trieEntries, trieGet, type HashTrie, trieRemove, trieSet } from '../kernel/hashTrie.js';
import type { OrderId, ReservationId } from '../kernel/ids.js';
import { FINISHED_KEPT, type Reservation, type Reservations, type Stock } from './state.js';

/** A new reservation that holds units. */
export const hold = (all: Reservations, id: ReservationId, orderId: OrderId, qty: number): Reservations => ({
  ...all,
  byId: trieSet(all.byId, id, { orderId, qty, status: 'held', consumedBy: [], ordinal: all.nextOrdinal }),
  nextOrdinal: all.nextOrdinal + 1,
});

/** A reservation that goes on holding units, changed. */
export const change = (all: Reservations, id: ReservationId, to: Reservation): Reservations => ({
  ...all,
  byId: trieSet(all.byId, id, to),
});

/** A reservation that is over. The oldest finished one is forgotten when too many are remembered. */
export function finish(all: Reservations, id: ReservationId, to: Reservation): Reservations {
  const kept: Reservations = {
    ...all,
    byId: trieSet(all.byId, id, { ...to, qty: 0 }),
    finished: trieSet(all.finished, String(all.nextFinished), id),
    nextFinished: all.nextFinished + 1,
  };
  if (kept.finished.size <= FINISHED_KEPT) return kept;
  const oldest = trieGet(kept.finished, String(kept.oldestFinished));
  return {
    ...kept,
    byId: oldest === undefined ? kept.byId : trieRemove(kept.byId, oldest),
    finished: trieRemove(kept.finished, String(kept.oldestFinished)),
    oldestFinished: kept.oldestFinished + 1,
  };
}

/** A release that overtook its reserve: remembered, so that the reserve is refused. */
export const closeUnseen = (all: Reservations, id: ReservationId, orderId: OrderId): Reservations =>
  finish(all, id, {
    orderId,
    qty: 0,
    status: 'released',
    consumedBy: [],
    ordinal: all.nextOrdinal,
  });

/**
 * Those that would not be served if `missing` units were gone: the newest unpaid holds first, then the newest paid.
 */
export function affectedBy(missing: number, byId: HashTrie<Reservation>): readonly ReservationId[] {
  const active = [...trieEntries(byId)].filter(([, { qty }]) => qty > 0);
  const paid = ({ status }: Reservation): number => (status === 'confirmed' ? 1 : 0);
  active.sort(([, a], [, b]) => paid(a) - paid(b) || b.ordinal - a.ordinal);
  const affected: ReservationId[] = [];
  let left = missing;
  for (const [id, { qty }] of active) {
    if (left <= 0) break;
    affected.push(id as ReservationId);
    left -= qty;
  }
  return affected;
}

/** Every reservation that is known, with its id; in no particular order. */
export const reservationsOf = ({ reservations }: Stock): Iterable<readonly [ReservationId, Reservation]> =>
  trieEntries(reservations.byId) as Iterable<readonly [ReservationId, Reservation]>;
