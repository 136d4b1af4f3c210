import { fraction, type Money } from '../kernel/money.js';
import { type DeliveryZone, type Location, taxRateOf } from '../location/index.js';
import type { OrderMode } from '../order/events.js';
import type { OrderBelowMinimum } from './rejections.js';
import type { Bringing } from './totals.js';

/** What bringing things is taxed as, where a location has a rate for it: else it has the usual one. */
const DELIVERY_TAX_CLASS = 'delivery';

/**
 * What bringing an order to a zone costs; undefined: nothing.
 * @param goods what its lines cost on the menu
 */
export function bringingTo(
  { fee, freeFrom }: DeliveryZone,
  goods: Money,
  location: Pick<Location, 'taxRateBp' | 'taxRates' | 'taxInclusive'>,
  { mode, at }: { readonly mode?: OrderMode | undefined; readonly at?: string | undefined },
): Bringing | undefined {
  if (fee === undefined || fee.amount === 0) return undefined;
  if (freeFrom !== undefined && goods.amount >= freeFrom.amount) return undefined;
  const taxRateBp = taxRateOf(location, DELIVERY_TAX_CLASS, mode, at);
  return { fee, taxRateBp, tax: fraction(fee, taxRateBp, location.taxInclusive ? 10_000 + taxRateBp : 10_000) };
}

/** Why an order is too small to be brought to a zone; undefined: it is not. */
export const tooSmallFor = ({ minimumOrder }: DeliveryZone, goods: Money): OrderBelowMinimum | undefined =>
  minimumOrder !== undefined && goods.amount < minimumOrder.amount
    ? {
        _tag: 'OrderBelowMinimum',
        minimum: minimumOrder,
        missing: { ...minimumOrder, amount: minimumOrder.amount - goods.amount },
      }
    : undefined;
