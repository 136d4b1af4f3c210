import * as t from 'io-ts';
import { LocationIdCodec, OrderIdCodec, SkuCodec } from '../../domain/kernel/ids.js';

/** A stock item as it stood just after what the message tells: `available` = on hand − reserved − what is never promised. */
const StockBlock = t.type({
  sku: SkuCodec,
  locationId: LocationIdCodec,
  onHand: t.number,
  reserved: t.number,
  available: t.number,
});

/** `stock.low.v1`: no more than `threshold` units can still be promised. */
export const StockLowV1 = t.intersection([StockBlock, t.type({ threshold: t.number })]);
export type StockLowV1 = t.TypeOf<typeof StockLowV1>;

/** `stock.depleted.v1`: nothing can be promised any more. */
export const StockDepletedV1 = StockBlock;
export type StockDepletedV1 = t.TypeOf<typeof StockDepletedV1>;

/** `stock.shortfall.v1`: `missing` more units are promised than are there; these orders would be the ones to go without. */
export const StockShortfallV1 = t.intersection([
  StockBlock,
  t.type({ missing: t.number, orders: t.readonlyArray(OrderIdCodec) }),
]);
export type StockShortfallV1 = t.TypeOf<typeof StockShortfallV1>;

/**
 * `stock.changed.v1`: something came, went, was counted or used up. What is only set aside for an order, or given back, is
 * no message: a sought-after item would have thousands a minute, one after the other, and every other message behind them.
 */
export const StockChangedV1 = StockBlock;
export type StockChangedV1 = t.TypeOf<typeof StockChangedV1>;
