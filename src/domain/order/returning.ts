import { alreadyTrue, type Decision, record, refuse } from '../kernel/decision.js';
import { illegalTransition } from '../kernel/rejections.js';
import { allowedActions } from './allowed.js';
import type { OrderCommand } from './commands.js';
import type { OrderEvent } from './events.js';
import { unitsByLine } from './quantities.js';
import type { OrderRejection } from './rejections.js';
import type { ExistingOrder } from './state.js';

/** Units of an order that was handed over are back with us: never more of a line than were handed over and are not back yet. */
export function recordReturn(
  { returnId, lines, reason, by }: Extract<OrderCommand, { type: 'RecordReturn' }>,
  order: ExistingOrder,
): Decision<OrderRejection, OrderEvent> {
  if (order.returns?.includes(returnId)) return alreadyTrue;
  if (order.status !== 'fulfilled' && order.status !== 'completed') {
    return refuse(illegalTransition(order.status, allowedActions(order)));
  }
  if (lines.length === 0) return refuse({ _tag: 'NoLines' });
  const wrong = lines.find(({ qty }) => !Number.isSafeInteger(qty) || qty < 1);
  if (wrong) {
    return refuse({
      _tag: 'InvalidQuantity',
      quantity: wrong.qty,
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
    });
  }
  const outside = new Map(order.lines.map(({ lineId, fulfilled, returned = 0 }) => [lineId, fulfilled - returned]));
  const tooMany = [...unitsByLine(lines)].filter(([lineId, qty]) => qty > (outside.get(lineId) ?? 0));
  if (tooMany.length > 0) {
    return refuse({
      _tag: 'QuantityNotAvailable',
      lines: tooMany.map(([lineId, qty]) => ({ lineId, wanted: qty, available: outside.get(lineId) ?? 0 })),
    });
  }
  return record({
    type: 'LinesReturned',
    data: { returnId, lines, by, ...(reason === undefined ? {} : { reason }) },
  });
}
