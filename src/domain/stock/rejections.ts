import type { ReservationId, Sku } from '../kernel/ids.js';
import type { AlreadyExists, InvalidQuantity, NotFound, ReasonRequired } from '../kernel/rejections.js';

/** Not as many units can be promised; `available` is how many could be. */
export interface InsufficientStock {
  readonly _tag: 'InsufficientStock';
  readonly sku: Sku;
  readonly wanted: number;
  readonly available: number;
}

/** The reservation was released, perhaps before it was made: nothing comes of it any more. */
export interface ReservationClosed {
  readonly _tag: 'ReservationClosed';
  readonly reservationId: ReservationId;
}

/** Why a stock item refuses a command. */
export type StockRejection =
  NotFound | AlreadyExists | InvalidQuantity | InsufficientStock | ReservationClosed | ReasonRequired;
