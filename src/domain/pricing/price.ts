import * as E from 'fp-ts/lib/Either.js';
import { majorUnits } from '../kernel/currency.js';
import type { LineId, Sku } from '../kernel/ids.js';
import { add, fraction, type Money, subtract, sum, zero } from '../kernel/money.js';
import { taxRateOf } from '../location/opening.js';
import type { Location } from '../location/state.js';
import type { OfferView } from '../offer/commands.js';
import { suspensionAt } from '../offer/suspension.js';
import type { OrderEvent, OrderLine, OrderMode } from '../order/events.js';
import { MAXIMUM_QUANTITY } from '../order/limits.js';
import { DEFAULT_SETTINGS } from '../settings/index.js';
import { choose, type Choice, type Chosen } from './options.js';
import type { OfferUnavailable, PricingRejection } from './rejections.js';

/** What somebody wants: an sku, how many, and the id that the order line will have. Never a price. */
export interface RequestedLine {
  readonly lineId: LineId;
  readonly sku: Sku;
  readonly qty: number;
  /** What was chosen of the offer's options; absent: nothing. */
  readonly options?: readonly Choice[];
}

/** What an order comes to; all amounts in one currency, totals are sums of rounded parts. */
export interface Priced extends Pick<
  Extract<OrderEvent, { type: 'OrderPlaced' }>['data'],
  'lines' | 'discounts' | 'deliveryFee' | 'tip' | 'tax' | 'total' | 'taxInclusive'
> {
  readonly currency: string;
}

type Terms = Pick<Location, 'taxRateBp' | 'taxRates' | 'taxInclusive' | 'defaultStation'> &
  Partial<Pick<Location, 'locationId' | 'currency' | 'stations'>>;

/** What a price depends on besides lines, offers and location. */
export interface Conditions {
  /** In whole units of the currency; absent: the usual one. */
  readonly maximumTotal?: number;
  readonly mode?: OrderMode;
  /** RFC 3339; absent: whatever begins or ends some time is left out of account. */
  readonly at?: string;
}

/**
 * Prices an order: unit price with its options × quantity, tax of each line in basis points rounded half away from zero, totals as sums of
 * the rounded parts. Pure: the same lines, offers and location give the same result.
 *
 * @param offers the offers of the skus that are wanted; one that is absent is not offered
 * @returns the priced order, or: offers that cannot be had (all of them), choices that cannot be made, several currencies,
 *   too large a total
 */
export function price(
  lines: readonly RequestedLine[],
  offers: ReadonlyMap<Sku, OfferView>,
  location: Terms,
  conditions: Conditions = {},
): E.Either<PricingRejection, Priced> {
  const { maximumTotal = DEFAULT_SETTINGS.maximumTotal } = conditions;
  const missing = unavailable(lines, offers, location, conditions);
  if (missing) return E.left(missing);
  const found: Found[] = [];
  for (const line of lines) {
    const offer = offers.get(line.sku);
    if (!offer) continue;
    const chosen = choose(offer, line.options ?? []);
    if (E.isLeft(chosen)) return chosen;
    found.push({ line, offer, chosen: chosen.right });
  }

  const wrong = lines.find(({ qty }) => !Number.isInteger(qty) || qty < 1 || qty > MAXIMUM_QUANTITY);
  if (wrong) {
    const { sku, qty: quantity } = wrong;
    return E.left({ _tag: 'InvalidQuantity', quantity, minimum: 1, maximum: MAXIMUM_QUANTITY, sku });
  }
  const [currency, ...others] = new Set(found.map(({ offer }) => offer.price.currency));
  if (currency === undefined || others.length > 0) {
    return E.left({ _tag: 'CurrencyMismatch', currencies: currency === undefined ? [] : [currency, ...others] });
  }
  if (location.currency !== undefined && location.currency !== currency) {
    return E.left({ _tag: 'CurrencyMismatch', currencies: [location.currency, currency] });
  }
  const maximum: Money = { amount: majorUnits(maximumTotal, currency), currency };
  const whole = found.reduce((all, { line, chosen }) => all + BigInt(chosen.unitPrice.amount) * BigInt(line.qty), 0n);
  // asked before anything is reckoned in numbers, which are exact below this bound only
  if (whole > BigInt(maximum.amount)) return E.left({ _tag: 'TotalTooLarge', maximum });

  const priced = totalled(
    found.map((one) => priceLine(one, location, conditions)),
    location,
    currency,
  );
  return priced.total.amount > maximum.amount ? E.left({ _tag: 'TotalTooLarge', maximum }) : E.right(priced);
}

interface Found {
  readonly line: RequestedLine;
  readonly offer: OfferView;
  readonly chosen: Chosen;
}

function priceLine({ line, offer, chosen }: Found, location: Terms, { mode, at }: Conditions): OrderLine {
  const { lineId, sku, qty } = line;
  const { unitPrice, options } = chosen;
  const { taxInclusive, defaultStation } = location;
  const taxRateBp = taxRateOf(location, offer.taxClass ?? '', mode, at);
  const gross: Money = { amount: unitPrice.amount * qty, currency: unitPrice.currency };
  const discount = zero(gross.currency);
  const net = subtract(gross, discount);
  return {
    lineId,
    sku,
    name: offer.name,
    options,
    unitPrice,
    qty,
    gross,
    discount,
    tax: fraction(net, taxRateBp, taxInclusive ? 10_000 + taxRateBp : 10_000),
    net,
    taxRateBp,
    track: offer.trackStock,
    station: isMadeHere(offer.station, location) ? offer.station : defaultStation,
    ...(offer.prepSeconds === undefined ? {} : { prepSeconds: offer.prepSeconds }),
    ...(offer.allergens?.length ? { allergens: offer.allergens } : {}),
    ...(offer.weight === undefined ? {} : { weight: offer.weight }),
  };
}

const isMadeHere = (station: string | undefined, { stations }: Terms): station is string =>
  station !== undefined && (stations?.includes(station) ?? true);

/** What lines that are priced come to together; all in one currency. */
export function totalled(
  lines: readonly OrderLine[],
  { taxInclusive }: Pick<Terms, 'taxInclusive'>,
  currency: string,
): Priced {
  const nets = sum(
    lines.map(({ net }) => net),
    currency,
  );
  const tax = sum(
    lines.map((line) => line.tax),
    currency,
  );
  const deliveryFee = zero(currency);
  const tip = zero(currency);
  const goods = taxInclusive ? nets : add(nets, tax);
  return {
    currency,
    lines,
    discounts: [],
    deliveryFee,
    tip,
    tax: taxByRate(lines, taxInclusive, currency),
    total: add(add(goods, deliveryFee), tip),
    taxInclusive,
  };
}

/** The tax of each rate and what it is taken of, in the order in which the rates come first. */
function taxByRate(lines: readonly OrderLine[], inclusive: boolean, currency: string): Priced['tax'] {
  const rates = [...new Set(lines.map(({ taxRateBp }) => taxRateBp))];
  return rates.map((rateBp) => {
    const taxed = lines.filter(({ taxRateBp }) => taxRateBp === rateBp);
    const nets = sum(
      taxed.map(({ net }) => net),
      currency,
    );
    const amount = sum(
      taxed.map((line) => line.tax),
      currency,
    );
    return { rateBp, base: inclusive ? subtract(nets, amount) : nets, amount };
  });
}

/** What cannot be had; undefined where everything can. */
function unavailable(
  lines: readonly RequestedLine[],
  offers: ReadonlyMap<Sku, OfferView>,
  { locationId }: Terms,
  { at }: Conditions,
): OfferUnavailable | undefined {
  const items = [...new Set(lines.map(({ sku }) => sku))].flatMap((sku): OfferUnavailable['items'] => {
    const offer = offers.get(sku);
    if (offer?.status !== 'on_sale') return [{ sku, why: offer ? 'not_on_sale' : 'unknown' }];
    if (locationId === undefined || at === undefined) return [];
    const suspended = suspensionAt(offer, locationId, at);
    if (!suspended) return [];
    return [{ sku, why: 'suspended', ...(suspended.until === undefined ? {} : { until: suspended.until }) }];
  });
  return items.length === 0 ? undefined : { _tag: 'OfferUnavailable', items };
}
