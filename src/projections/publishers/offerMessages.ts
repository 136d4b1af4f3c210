import type { ExistingOffer, OfferEvent } from '../../domain/offer/index.js';
import type { Message } from './message.js';

export const OFFER_FACTS = [
  'OfferPublished',
  'OfferChanged',
  'PriceSet',
  'OfferSuspended',
  'OfferResumed',
  'OfferRetired',
] as const;
type OfferFact = Extract<OfferEvent, { type: (typeof OFFER_FACTS)[number] }>;

/** What an event of an offer tells other services, given the offer just after it; undefined while it is a draft. */
export function offerMessage({ type, data }: OfferFact, state: ExistingOffer): Message | undefined {
  const { sku, price, details } = state;
  // whoever sells it elsewhere hears that it is not to be had any more, in words that it knows
  if (type === 'OfferRetired') return { type: 'offer.suspended.v1', subject: sku, data: { sku, reason: 'retired' } };
  if (state.status === 'draft' || price === undefined) return undefined;
  return type === 'OfferSuspended'
    ? { type: 'offer.suspended.v1', subject: sku, data: { sku, ...data } }
    : { type: 'offer.changed.v1', subject: sku, data: { sku, name: details.name, price } };
}
