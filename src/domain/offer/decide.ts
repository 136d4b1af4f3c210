import { assertNever } from '../kernel/assertNever.js';
import { canonicalJson } from '../kernel/canonicalJson.js';
import { alreadyTrue, type Decision, record, refuse } from '../kernel/decision.js';
import { equals, type Money } from '../kernel/money.js';
import { alreadyExists, illegalTransition, type InvalidAmount, notFound } from '../kernel/rejections.js';
import type { OfferCommand } from './commands.js';
import type { OfferDetails, OfferEvent } from './events.js';
import type { OfferRejection } from './rejections.js';
import type { ExistingOffer, Offer } from './state.js';

/** Which events a command leads to in a state of the offer, or why it is refused. */
export function decide(command: OfferCommand, offer: Offer): Decision<OfferRejection, OfferEvent> {
  switch (command.type) {
    case 'PublishOffer': {
      if (offer.status !== 'none') return refuse(alreadyExists('offer', offer.sku));
      const { sku, details, price, at } = command;
      const wrong = wrongContent(details, price);
      if (wrong) return refuse(wrong);
      return record<OfferEvent>(
        { type: 'OfferDrafted', data: { ...details, sku } },
        { type: 'PriceSet', data: { price, validFrom: at } },
        { type: 'OfferPublished', data: {} },
      );
    }
    case 'ReplaceOffer': {
      if (offer.status === 'none') return refuse(notFound('offer'));
      if (offer.status === 'retired') return refuse(illegalTransition(offer.status, []));
      const { details, price, at } = command;
      const wrong = wrongContent(details, price) ?? wrongCurrency(price, offer);
      if (wrong) return refuse(wrong);
      const events: OfferEvent[] = [];
      if (canonicalJson(details) !== canonicalJson(offer.details)) events.push({ type: 'OfferChanged', data: details });
      if (!offer.price || !equals(price, offer.price)) {
        events.push({ type: 'PriceSet', data: { price, validFrom: at } });
      }
      return record(...events);
    }
    case 'SuspendOffer': {
      if (offer.status === 'none') return refuse(notFound('offer'));
      if (offer.status === 'retired') return refuse(illegalTransition(offer.status, []));
      const { type: _, ...suspension } = command;
      if (suspension.reason.trim() === '') return refuse({ _tag: 'ReasonRequired' });
      const known = offer.suspensions?.find(({ locationId }) => locationId === suspension.locationId);
      if (known && canonicalJson(known) === canonicalJson(suspension)) return alreadyTrue;
      return record({ type: 'OfferSuspended', data: suspension });
    }
    case 'ResumeOffer': {
      if (offer.status === 'none') return refuse(notFound('offer'));
      if (offer.status === 'retired') return refuse(illegalTransition(offer.status, []));
      const { locationId } = command;
      if (!offer.suspensions?.some((one) => one.locationId === locationId)) return alreadyTrue;
      return record({ type: 'OfferResumed', data: locationId === undefined ? {} : { locationId } });
    }
    case 'SetPrice':
      return offer.status === 'none' ? refuse(notFound('offer')) : setPrice(command, offer);
    case 'DropPrice': {
      if (offer.status === 'none') return refuse(notFound('offer'));
      if (offer.status === 'retired') return refuse(illegalTransition(offer.status, []));
      const { locationId } = command;
      return offer.locationPrices?.some((one) => one.locationId === locationId)
        ? record({ type: 'PriceDropped', data: { locationId } })
        : alreadyTrue;
    }
    case 'RetireOffer':
      if (offer.status === 'none') return refuse(notFound('offer'));
      return offer.status === 'retired' ? alreadyTrue : record({ type: 'OfferRetired', data: {} });
    default:
      return assertNever(command);
  }
}

function setPrice(
  { price, locationId, at }: Extract<OfferCommand, { type: 'SetPrice' }>,
  offer: ExistingOffer,
): Decision<OfferRejection, OfferEvent> {
  if (offer.status === 'retired') return refuse(illegalTransition(offer.status, []));
  if (isNegative(price)) return refuse(invalid(price));
  const others: Pick<ExistingOffer, 'locationPrices'> = locationId === undefined ? offer : {};
  const wrong =
    wrongContent(offer.details, price) ??
    wrongCurrency(price, others) ??
    (locationId !== undefined && offer.price !== undefined
      ? mismatch(offer.price.currency, price.currency)
      : undefined);
  if (wrong) return refuse(wrong);
  const known =
    locationId === undefined ? offer.price : offer.locationPrices?.find((one) => one.locationId === locationId)?.price;
  if (known && equals(known, price)) return alreadyTrue;
  return record({
    type: 'PriceSet',
    data: { price, validFrom: at, ...(locationId === undefined ? {} : { locationId }) },
  });
}

/** An article is sold in one currency, wherever it is sold: what is chosen with it is priced in it too. */
const wrongCurrency = (
  { currency }: Money,
  { locationPrices = [] }: Pick<ExistingOffer, 'locationPrices'>,
): OfferRejection | undefined =>
  mismatch(currency, locationPrices.find(({ price }) => price.currency !== currency)?.price.currency ?? currency);

const mismatch = (currency: string, other: string): OfferRejection | undefined =>
  currency === other ? undefined : { _tag: 'CurrencyMismatch', currencies: [currency, other] };

/** What no offer can say: a negative price, choices that nobody could make, or that cost in another currency. */
function wrongContent({ options = [] }: OfferDetails, price: Money): OfferRejection | undefined {
  if (isNegative(price)) return invalid(price);
  const ids = new Set(options.map(({ id }) => id));
  for (const { id, min, max, choices } of options) {
    const known = new Set(choices.map((choice) => choice.id));
    if (ids.size < options.length || known.size < choices.length || min > max || max > choices.length) {
      return { _tag: 'InvalidOption', option: id };
    }
    for (const choice of choices) {
      const { currency } = choice.price;
      if (isNegative(choice.price)) return invalid(choice.price);
      if (currency !== price.currency) return { _tag: 'CurrencyMismatch', currencies: [price.currency, currency] };
    }
  }
  return undefined;
}

const isNegative = (price: Money): boolean => price.amount < 0;
const invalid = (price: Money): InvalidAmount => ({ _tag: 'InvalidAmount', ...price });
