import * as E from 'fp-ts/lib/Either.js';
import type { OrderId, Sku } from '../../domain/kernel/ids.js';
import { add, type Money, multiply, sum, zero } from '../../domain/kernel/money.js';
import type { CurrencyMismatch } from '../../domain/kernel/rejections.js';
import type { Location } from '../../domain/location/index.js';
import type { OfferView } from '../../domain/offer/index.js';
import type { OrderLine } from '../../domain/order/index.js';
import { lineIdOf } from '../identity.js';

/** What is wanted of one article, with the offer that prices it. */
export interface PricedRequest {
  readonly sku: Sku;
  readonly quantity: number;
  readonly offer: OfferView;
}

/** An order's lines and sums. Totals are sums of rounded parts, so display, charge and books always agree. */
export interface Priced {
  readonly lines: readonly OrderLine[];
  readonly tax: readonly { readonly rateBp: number; readonly base: Money; readonly amount: Money }[];
  readonly total: Money;
  readonly currency: string;
}

/**
 * Prices an order from the offers (domain-model.md, 2.1). The one rounding point is each line's tax. All offers of an
 * order are in one currency.
 *
 * @param wanted one entry a sku, at least one
 */
export function priceOrder(
  orderId: OrderId,
  wanted: readonly PricedRequest[],
  location: Location,
): E.Either<CurrencyMismatch, Priced> {
  const currencies = [...new Set(wanted.map(({ offer }) => offer.price.currency))];
  const [currency, ...others] = currencies;
  if (currency === undefined || others.length > 0) return E.left({ _tag: 'CurrencyMismatch', currencies });
  const lines = wanted.map((request, ordinal) => priceLine(lineIdOf(orderId, ordinal), request, location));
  const net = sum(
    lines.map((line) => line.net),
    currency,
  );
  const tax = sum(
    lines.map((line) => line.tax),
    currency,
  );
  return E.right({
    lines,
    tax: tax.amount === 0 ? [] : [{ rateBp: location.taxRateBp, base: net, amount: tax }],
    total: location.taxInclusive ? net : add(net, tax),
    currency,
  });
}

function priceLine(
  lineId: OrderLine['lineId'],
  { sku, quantity, offer }: PricedRequest,
  location: Location,
): OrderLine {
  const gross = multiply(offer.price, quantity);
  return {
    lineId,
    sku,
    name: offer.name,
    options: [],
    unitPrice: offer.price,
    qty: quantity,
    gross,
    discount: zero(gross.currency),
    tax: taxOf(gross, location),
    net: gross,
    taxRateBp: location.taxRateBp,
    track: offer.trackStock,
    station: offer.station ?? location.defaultStation,
    ...(offer.prepSeconds === undefined ? {} : { prepSeconds: offer.prepSeconds }),
  };
}

const BASIS_POINTS = 10_000n;

/** The tax within a net amount (inclusive) or on top of it, rounded half away from zero; exact by way of BigInt. */
function taxOf(net: Money, { taxRateBp, taxInclusive }: Location): Money {
  const rate = BigInt(taxRateBp);
  const divisor = taxInclusive ? BASIS_POINTS + rate : BASIS_POINTS;
  const doubled = 2n * BigInt(net.amount) * rate;
  return { amount: Number((doubled + divisor) / (2n * divisor)), currency: net.currency };
}
