import { location } from './location/index.js';
import { offer } from './offer/index.js';
import { order } from './order/index.js';
import { payment } from './payment/index.js';
import { pickupCounter } from './pickup/index.js';
import { settings } from './settings/index.js';
import { shipment } from './shipment/index.js';
import { stock } from './stock/index.js';
import { task } from './task/index.js';
import { ticket } from './ticket/index.js';

/** An aggregate whose types are not known: enough to fold a stream of its category. */
export interface FoldableAggregate {
  readonly category: string;
  readonly initial: unknown;
  readonly evolve: (state: never, event: never) => unknown;
  readonly codec: { readonly types: readonly string[] };
  readonly stateVersion: number;
  readonly snapshot?: { readonly toJson: (state: never) => unknown };
}

/** Every kind of stream that Comanda writes: whoever must know them all asks here. */
export const AGGREGATES = [
  order,
  payment,
  stock,
  ticket,
  pickupCounter,
  offer,
  location,
  settings,
  shipment,
  task,
] satisfies readonly FoldableAggregate[];
