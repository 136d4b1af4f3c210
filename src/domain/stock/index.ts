import type { Aggregate } from '../kernel/aggregate.js';
import type { StockCommand } from './commands.js';
import { decide } from './decide.js';
import { type StockEvent, stockEvents } from './events.js';
import { evolve } from './evolve.js';
import type { StockRejection } from './rejections.js';
import { fromJson, toJson } from './snapshot.js';
import { type Stock, unregistered } from './state.js';

/** What is on the shelf of one sku at one location, and for whom: `stock-{sku}_{location}`. */
export const stock: Aggregate<Stock, StockCommand, StockEvent, StockRejection> = {
  category: 'stock',
  initial: unregistered,
  decide,
  evolve,
  codec: stockEvents,
  stateVersion: 2,
  snapshot: { toJson, fromJson },
};

export type * from './commands.js';
export type { StockEvent } from './events.js';
export type * from './rejections.js';
export {
  available,
  FINISHED_KEPT,
  type RegisteredStock,
  type Reservation,
  reservationOf,
  type Stock,
} from './state.js';
export { reservationsOf } from './reservations.js';
export { representStock } from './view.js';
