import type { OrderEvent } from './events.js';
import { unitsByLine } from './quantities.js';
import type { ExistingOrder } from './state.js';

/** The order after units of it came back: it remembers by what name they came, so that they are counted once. */
export function evolveReturn(
  order: ExistingOrder,
  { returnId, lines }: Extract<OrderEvent, { type: 'LinesReturned' }>['data'],
): ExistingOrder {
  const units = unitsByLine(lines);
  return {
    ...order,
    returns: [...(order.returns ?? []), returnId],
    lines: order.lines.map((line) => {
      const qty = units.get(line.lineId) ?? 0;
      return qty === 0 ? line : { ...line, returned: (line.returned ?? 0) + qty };
    }),
  };
}
