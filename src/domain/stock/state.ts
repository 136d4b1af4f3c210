import type { LocationId, OrderId, ReservationId, Sku } from '../kernel/ids.js';
import { emptyTrie, type HashTrie, trieGet } from '../kernel/hashTrie.js';

export type ReservationStatus = 'held' | 'confirmed' | 'consumed' | 'released';

/** Units set aside for one order line. `qty` is what is still set aside: 0 once consumed or released. */
export interface Reservation {
  readonly orderId: OrderId;
  readonly qty: number;
  readonly status: ReservationStatus;
  /** Units that were taken from it already; absent: none. */
  readonly used?: number;
  /** Who took units from it already; each takes once. */
  readonly consumedBy: readonly string[];
  /** When it was made, counted within this item: the newest has the highest. */
  readonly ordinal: number;
}

/** Whether units may still be used of it, or come to it: it may hold none for a while, see ReservationCarriedOver. */
export const isOpen = ({ status }: Reservation): boolean => status === 'held' || status === 'confirmed';

/** The reservations of an item: those that hold units, and the last finished ones, so that a repeat is recognised. */
export interface Reservations {
  readonly byId: HashTrie<Reservation>;
  readonly nextOrdinal: number;
  /** The ids of finished ones under the number in which they finished: a queue from `oldestFinished` on. */
  readonly finished: HashTrie<ReservationId>;
  readonly oldestFinished: number;
  readonly nextFinished: number;
}

/** How many receipts, returns, transfers and adjustments are remembered. */
export const MOVED_KEPT = 1_000;

/** How many finished reservations are remembered. */
export const FINISHED_KEPT = 10_000;

/** What a unit is where nobody says it. */
export const USUAL_UNIT = 'piece';

export interface RegisteredStock {
  readonly status: 'registered';
  readonly sku: Sku;
  readonly locationId: LocationId;
  readonly onHand: number;
  /** Σ qty of held and confirmed reservations. */
  readonly reserved: number;
  readonly safety: number;
  readonly backorderLimit: number;
  readonly threshold: number;
  readonly unit: string;
  readonly reservations: Reservations;
  /** The last receipts, returns, transfers and adjustments that have a name, so that a repeat is recognised; absent: none. */
  readonly moved?: readonly string[];
}

/** One sku at one location. Before it is registered it may know of releases that came too early. */
export type Stock = { readonly status: 'none'; readonly reservations: Reservations } | RegisteredStock;

const noReservations: Reservations = {
  byId: emptyTrie,
  nextOrdinal: 0,
  finished: emptyTrie,
  oldestFinished: 0,
  nextFinished: 0,
};
export const unregistered: Stock = { status: 'none', reservations: noReservations };

/** Whether a receipt, return, transfer or adjustment of this name was counted. */
export const happened = ({ moved = [] }: RegisteredStock, id: string): boolean => moved.includes(id);

/** Units that can be promised; below zero where more is promised than there is. */
export const available = ({ onHand, reserved, safety }: RegisteredStock): number => onHand - reserved - safety;

/** What is known of a reservation. */
export const reservationOf = ({ reservations }: Stock, id: ReservationId): Reservation | undefined =>
  trieGet(reservations.byId, id);
