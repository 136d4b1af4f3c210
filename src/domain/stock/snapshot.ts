import { trieEntries, trieOf } from '../kernel/hashTrie.js';
import type { ReservationId } from '../kernel/ids.js';
import type { Reservation, Reservations, Stock } from './state.js';

/** The stored form: plain lists where the state has tries. */
interface SnapshotJson {
  readonly stock: Omit<Stock, 'reservations'>;
  readonly reservations: readonly (readonly [string, Reservation])[];
  readonly nextOrdinal: number;
  /** Ids of finished reservations, the oldest first. */
  readonly finished: readonly string[];
  readonly oldestFinished: number;
}

/** The state as plain JSON. */
export function toJson(state: Stock): SnapshotJson {
  const { reservations, ...stock } = state;
  const finished = [...trieEntries(reservations.finished)].sort(([a], [b]) => Number(a) - Number(b));
  return {
    stock,
    reservations: [...trieEntries(reservations.byId)],
    nextOrdinal: reservations.nextOrdinal,
    finished: finished.map(([, id]) => id),
    oldestFinished: reservations.oldestFinished,
  };
}

/** The state that {@link toJson} wrote, of the same state version. */
export function fromJson(json: unknown): Stock {
  const { stock, reservations, nextOrdinal, finished, oldestFinished } = json as SnapshotJson;
  const restored: Reservations = {
    byId: trieOf(reservations),
    nextOrdinal,
    finished: trieOf(finished.map((id, index) => [String(oldestFinished + index), id as ReservationId] as const)),
    oldestFinished,
    nextFinished: oldestFinished + finished.length,
  };
  return { ...stock, reservations: restored } as Stock;
}
