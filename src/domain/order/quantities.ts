import type { LineId } from '../kernel/ids.js';
import type { LineQuantity } from './commands.js';
import { allottedUnits, openQty } from './facets.js';
import type { OrderRejection } from './rejections.js';
import type { ExistingOrder, LineState } from './state.js';
import { isShipped } from './ways.js';

/** Units by line: a line that is named twice counts once, with both. */
export function unitsByLine(lines: readonly LineQuantity[]): ReadonlyMap<LineId, number> {
  const units = new Map<LineId, number>();
  for (const { lineId, qty } of lines) units.set(lineId, (units.get(lineId) ?? 0) + qty);
  return units;
}

/** The same as a list. */
export const merged = (lines: readonly LineQuantity[]): readonly LineQuantity[] =>
  [...unitsByLine(lines)].map(([lineId, qty]) => ({ lineId, qty }));

/** As much of these units as is neither cancelled nor handed over. */
export function openOf(lines: readonly LineQuantity[], order: ExistingOrder): readonly LineQuantity[] {
  const open = new Map(order.lines.map((line) => [line.lineId, openQty(line)]));
  return merged(lines)
    .map(({ lineId, qty }) => ({ lineId, qty: Math.min(qty, open.get(lineId) ?? 0) }))
    .filter(({ qty }) => qty > 0);
}

/** Why these units cannot be taken from what is open of the order; undefined when they can. */
export const whyNotOpen = (lines: readonly LineQuantity[], order: ExistingOrder): OrderRejection | undefined =>
  whyNotThere(lines, order, openQty);

/** Why these units cannot be called off: units that are in a shipment are taken out of it first. */
export const whyNotLoose = (lines: readonly LineQuantity[], order: ExistingOrder): OrderRejection | undefined =>
  whyNotThere(lines, order, (line) => Math.max(0, openQty(line) - allottedUnits(order, line.lineId)));

/** Why these units cannot go into a shipment. */
export const whyNotFree = (lines: readonly LineQuantity[], order: ExistingOrder): OrderRejection | undefined =>
  isShipped(order.details.mode) ? whyNotLoose(lines, order) : whyNotThere(lines, order, () => 0);

function whyNotThere(
  lines: readonly LineQuantity[],
  order: ExistingOrder,
  unitsOf: (line: LineState) => number,
): OrderRejection | undefined {
  const wrong = lines.find(({ qty }) => !Number.isSafeInteger(qty) || qty < 1);
  if (wrong) return { _tag: 'InvalidQuantity', quantity: wrong.qty, minimum: 1, maximum: Number.MAX_SAFE_INTEGER };
  const open = new Map(order.lines.map((line) => [line.lineId, unitsOf(line)]));
  const missing = [...unitsByLine(lines)].filter(([lineId, qty]) => qty > (open.get(lineId) ?? 0));
  if (missing.length === 0) return undefined;
  return {
    _tag: 'QuantityNotAvailable',
    lines: missing.map(([lineId, qty]) => ({ lineId, wanted: qty, available: open.get(lineId) ?? 0 })),
  };
}

/** All units that are neither cancelled nor handed over. */
export const openLines = (order: ExistingOrder): readonly LineQuantity[] =>
  order.lines.map((line) => ({ lineId: line.lineId, qty: openQty(line) })).filter(({ qty }) => qty > 0);

/** Whether anything was handed over. */
export const anyFulfilled = (order: ExistingOrder): boolean => order.lines.some(({ fulfilled }) => fulfilled > 0);
