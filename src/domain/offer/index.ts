import type { Aggregate } from '../kernel/aggregate.js';
import type { OfferCommand } from './commands.js';
import { decide } from './decide.js';
import { type OfferEvent, offerEvents } from './events.js';
import { evolve } from './evolve.js';
import type { OfferRejection } from './rejections.js';
import type { Offer } from './state.js';

/** What can be ordered, and for how much: `offer-{sku}`. */
export const offer: Aggregate<Offer, OfferCommand, OfferEvent, OfferRejection> = {
  category: 'offer',
  initial: { status: 'none' },
  decide,
  evolve,
  codec: offerEvents,
  stateVersion: 1,
};

export type * from './commands.js';
export type { OfferDetails, OfferEvent, OfferOption } from './events.js';
export type * from './rejections.js';
export type * from './state.js';
export { priceAt } from './prices.js';
export { representOffer } from './view.js';
export { suspensionAt } from './suspension.js';
