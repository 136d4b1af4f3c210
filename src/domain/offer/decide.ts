import { assertNever } from '../kernel/assertNever.js';
import { canonicalJson } from '../kernel/canonicalJson.js';
import { type Decision, record, refuse } from '../kernel/decision.js';
import { equals, type Money } from '../kernel/money.js';
import { alreadyExists, type InvalidAmount, notFound } from '../kernel/rejections.js';
import type { OfferCommand } from './commands.js';
import type { OfferEvent } from './events.js';
import type { OfferRejection } from './rejections.js';
import type { Offer } from './state.js';

/** Which events a command leads to in a state of the offer, or why it is refused. */
export function decide(command: OfferCommand, offer: Offer): Decision<OfferRejection, OfferEvent> {
  switch (command.type) {
    case 'PublishOffer': {
      if (offer.status !== 'none') return refuse(alreadyExists('offer', offer.sku));
      const { sku, details, price, at } = command;
      if (isNegative(price)) return refuse(invalid(price));
      return record<OfferEvent>(
        { type: 'OfferDrafted', data: { ...details, sku } },
        { type: 'PriceSet', data: { price, validFrom: at } },
        { type: 'OfferPublished', data: {} },
      );
    }
    case 'ReplaceOffer': {
      if (offer.status === 'none') return refuse(notFound('offer'));
      const { details, price, at } = command;
      if (isNegative(price)) return refuse(invalid(price));
      const events: OfferEvent[] = [];
      if (canonicalJson(details) !== canonicalJson(offer.details)) events.push({ type: 'OfferChanged', data: details });
      if (!offer.price || !equals(price, offer.price)) {
        events.push({ type: 'PriceSet', data: { price, validFrom: at } });
      }
      return record(...events);
    }
    default:
      return assertNever(command);
  }
}

const isNegative = (price: Money): boolean => price.amount < 0;
const invalid = (price: Money): InvalidAmount => ({ _tag: 'InvalidAmount', ...price });
