import * as E from 'fp-ts/lib/Either.js';
import { majorUnits } from '../kernel/currency.js';
import type { LineId, Sku } from '../kernel/ids.js';
import { add, fraction, type Money, subtract, sum, zero } from '../kernel/money.js';
import type { Location } from '../location/state.js';
import type { OfferView } from '../offer/commands.js';
import type { OrderEvent, OrderLine } from '../order/events.js';
import { MAXIMUM_QUANTITY } from '../order/limits.js';
import { DEFAULT_SETTINGS } from '../settings/index.js';
import type { OfferUnavailable, PricingRejection } from './rejections.js';

/** What somebody wants: an sku, how many, and the id that the order line will have. Never a price. */
export interface RequestedLine {
  readonly lineId: LineId;
  readonly sku: Sku;
  readonly qty: number;
}

/** What an order comes to; all amounts in one currency, totals are sums of rounded parts. */
export interface Priced extends Pick<
  Extract<OrderEvent, { type: 'OrderPlaced' }>['data'],
  'lines' | 'discounts' | 'deliveryFee' | 'tip' | 'tax' | 'total' | 'taxInclusive'
> {
  readonly currency: string;
}

type Terms = Pick<Location, 'taxRateBp' | 'taxInclusive' | 'defaultStation'>;

/**
 * Prices an order: unit price × quantity, tax of each line in basis points rounded half away from zero, totals as sums of
 * the rounded parts. Pure: the same lines, offers and location give the same result.
 *
 * @param offers the offers of the skus that are wanted; one that is absent is not offered
 * @param maximumTotal in whole units of the currency
 * @returns the priced order, or: offers that cannot be had (all of them), several currencies, too large a total
 */
export function price(
  lines: readonly RequestedLine[],
  offers: ReadonlyMap<Sku, OfferView>,
  location: Terms,
  maximumTotal: number = DEFAULT_SETTINGS.maximumTotal,
): E.Either<PricingRejection, Priced> {
  const found = lines.flatMap((line) => {
    const offer = offers.get(line.sku);
    return offer?.status === 'on_sale' ? [{ line, offer }] : [];
  });
  if (found.length < lines.length) return E.left(unavailable(lines, offers));

  const wrong = lines.find(({ qty }) => !Number.isInteger(qty) || qty < 1 || qty > MAXIMUM_QUANTITY);
  if (wrong) {
    const { sku, qty: quantity } = wrong;
    return E.left({ _tag: 'InvalidQuantity', quantity, minimum: 1, maximum: MAXIMUM_QUANTITY, sku });
  }
  const [currency, ...others] = new Set(found.map(({ offer }) => offer.price.currency));
  if (currency === undefined || others.length > 0) {
    return E.left({ _tag: 'CurrencyMismatch', currencies: currency === undefined ? [] : [currency, ...others] });
  }
  const maximum: Money = { amount: majorUnits(maximumTotal, currency), currency };
  const whole = found.reduce((all, { line, offer }) => all + BigInt(offer.price.amount) * BigInt(line.qty), 0n);
  // asked before anything is reckoned in numbers, which are exact below this bound only
  if (whole > BigInt(maximum.amount)) return E.left({ _tag: 'TotalTooLarge', maximum });

  const priced = total(
    found.map(({ line, offer }) => priceLine(line, offer, location)),
    location,
    currency,
  );
  return priced.total.amount > maximum.amount ? E.left({ _tag: 'TotalTooLarge', maximum }) : E.right(priced);
}

function priceLine({ lineId, sku, qty }: RequestedLine, offer: OfferView, location: Terms): OrderLine {
  const { taxRateBp, taxInclusive, defaultStation } = location;
  const gross: Money = { amount: offer.price.amount * qty, currency: offer.price.currency };
  const discount = zero(gross.currency);
  const net = subtract(gross, discount);
  return {
    lineId,
    sku,
    name: offer.name,
    options: [],
    unitPrice: offer.price,
    qty,
    gross,
    discount,
    tax: fraction(net, taxRateBp, taxInclusive ? 10_000 + taxRateBp : 10_000),
    net,
    taxRateBp,
    track: offer.trackStock,
    station: offer.station ?? defaultStation,
    ...(offer.prepSeconds === undefined ? {} : { prepSeconds: offer.prepSeconds }),
  };
}

function total(lines: readonly OrderLine[], { taxRateBp, taxInclusive }: Terms, currency: string): Priced {
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
    tax: [{ rateBp: taxRateBp, base: subtract(goods, tax), amount: tax }],
    total: add(add(goods, deliveryFee), tip),
    taxInclusive,
  };
}

function unavailable(lines: readonly RequestedLine[], offers: ReadonlyMap<Sku, OfferView>): OfferUnavailable {
  const skus = new Set(lines.map(({ sku }) => sku));
  return {
    _tag: 'OfferUnavailable',
    items: [...skus].flatMap((sku) => {
      const offer = offers.get(sku);
      if (offer?.status === 'on_sale') return [];
      return [{ sku, why: offer ? ('not_on_sale' as const) : ('unknown' as const) }];
    }),
  };
}
