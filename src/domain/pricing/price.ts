import * as E from 'fp-ts/lib/Either.js';
import { majorUnits } from '../kernel/currency.js';
import type { LineId, Sku } from '../kernel/ids.js';
import { fraction, type Money, multiply, subtract, zero } from '../kernel/money.js';
import { type DeliveryZone, type Location, taxRateOf } from '../location/index.js';
import { type OfferView, priceAt, suspensionAt } from '../offer/index.js';
import type { OrderLine, OrderMode } from '../order/events.js';
import { MAXIMUM_QUANTITY } from '../order/limits.js';
import { DEFAULT_SETTINGS } from '../settings/index.js';
import { bringingTo, tooSmallFor } from './bringing.js';
import { choose, type Choice, type Chosen } from './options.js';
import type { OfferUnavailable, PricingRejection } from './rejections.js';
import type { Tip } from './tip.js';
import { menuPrice, type Priced, totalled } from './totals.js';

/** What somebody wants: an sku, how many, and the id that the order line will have. Never a price. */
export interface RequestedLine {
  readonly lineId: LineId;
  readonly sku: Sku;
  readonly qty: number;
  /** What was chosen of the offer's options; absent: nothing. */
  readonly options?: readonly Choice[];
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
  /** Where it is brought to; absent: nowhere, or bringing it costs nothing. */
  readonly zone?: DeliveryZone | undefined;
  readonly tip?: Tip | undefined;
}

/**
 * Prices an order: unit price with its options × quantity, what bringing it costs, tax of each of them in basis points rounded half
 * away from zero, the tip, totals as sums of the rounded parts. Pure: the same lines, offers and location give the same result.
 *
 * @param offers the offers of the skus that are wanted; one that is absent is not offered
 * @returns the priced order, or: offers that cannot be had (all of them), choices that cannot be made, several currencies,
 *   too large a total, too small an order to be brought there
 */
export function price(
  lines: readonly RequestedLine[],
  offers: ReadonlyMap<Sku, OfferView>,
  location: Terms,
  conditions: Conditions = {},
): E.Either<PricingRejection, Priced> {
  const { maximumTotal = DEFAULT_SETTINGS.maximumTotal, zone, tip } = conditions;
  const missing = unavailable(lines, offers, location, conditions);
  if (missing) return E.left(missing);
  const found: Found[] = [];
  for (const line of lines) {
    const offer = offers.get(line.sku);
    if (!offer) continue;
    const chosen = choose(offer, priceAt(offer, location.locationId), line.options ?? []);
    if (E.isLeft(chosen)) return chosen;
    found.push({ line, offer, chosen: chosen.right });
  }

  const wrong = lines.find(({ qty }) => !Number.isInteger(qty) || qty < 1 || qty > MAXIMUM_QUANTITY);
  if (wrong) {
    const { sku, qty: quantity } = wrong;
    return E.left({ _tag: 'InvalidQuantity', quantity, minimum: 1, maximum: MAXIMUM_QUANTITY, sku });
  }
  const [currency, ...others] = new Set(found.map(({ chosen }) => chosen.unitPrice.currency));
  if (currency === undefined || others.length > 0) {
    return E.left({ _tag: 'CurrencyMismatch', currencies: currency === undefined ? [] : [currency, ...others] });
  }
  const strange = otherCurrencies(location, zone).find((one) => one !== currency);
  if (strange !== undefined) return E.left({ _tag: 'CurrencyMismatch', currencies: [strange, currency] });
  if (tip !== undefined && 'amount' in tip && tip.amount.currency !== currency) {
    return E.left({ _tag: 'CurrencyMismatch', currencies: [tip.amount.currency, currency], of: 'tip' });
  }
  const maximum: Money = { amount: majorUnits(maximumTotal, currency), currency };
  const whole = found.reduce((all, { line, chosen }) => all + BigInt(chosen.unitPrice.amount) * BigInt(line.qty), 0n);
  // asked before anything is reckoned in numbers, which are exact below this bound only
  if (whole > BigInt(maximum.amount)) return E.left({ _tag: 'TotalTooLarge', maximum });

  const its = found.map((one) => priceLine(one, location, conditions));
  const goods = menuPrice(its, currency);
  const tooSmall = zone && tooSmallFor(zone, goods);
  if (tooSmall) return E.left(tooSmall);
  const bringing = zone && bringingTo(zone, goods, location, conditions);
  const priced = totalled(its, location, currency, { bringing, tip });
  return priced.total.amount > maximum.amount ? E.left({ _tag: 'TotalTooLarge', maximum }) : E.right(priced);
}

/** Those that an order is paid in whatever its offers are priced in. */
const otherCurrencies = ({ currency }: Terms, zone: DeliveryZone | undefined): readonly string[] => [
  ...(currency === undefined ? [] : [currency]),
  ...[zone?.fee, zone?.freeFrom, zone?.minimumOrder].flatMap((money) => money?.currency ?? []),
];

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
  const gross = multiply(unitPrice, qty);
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

/** What cannot be had; undefined where everything can. */
function unavailable(
  lines: readonly RequestedLine[],
  offers: ReadonlyMap<Sku, OfferView>,
  { locationId }: Terms,
  { at, mode }: Conditions,
): OfferUnavailable | undefined {
  const items = [...new Set(lines.map(({ sku }) => sku))].flatMap((sku): OfferUnavailable['items'] => {
    const offer = offers.get(sku);
    if (offer?.status !== 'on_sale') return [{ sku, why: offer ? 'not_on_sale' : 'unknown' }];
    if (mode !== undefined && offer.modes?.includes(mode) === false) return [{ sku, why: 'not_in_this_mode' }];
    if (locationId === undefined || at === undefined) return [];
    const suspended = suspensionAt(offer, locationId, at);
    if (!suspended) return [];
    return [{ sku, why: 'suspended', ...(suspended.until === undefined ? {} : { until: suspended.until }) }];
  });
  return items.length === 0 ? undefined : { _tag: 'OfferUnavailable', items };
}
