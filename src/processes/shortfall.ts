import type { OrderId, Sku } from '../domain/kernel/ids.js';
import { stockStream } from '../domain/kernel/streams.js';
import { reservationOf, stock } from '../domain/stock/index.js';
import { nothingMore, type ProcessManager } from './engine/process.js';
import { toOrder } from './engine/step.js';
import { addMinutes } from './time.js';

interface State {
  readonly sku: Sku;
  /** Whose goods are not there: each order once. */
  readonly orders: readonly OrderId[];
  /** RFC 3339. */
  readonly decideBy: string;
}

/**
 * Shortfall: less is on the shelf than is promised. The orders that would go without (the newest unpaid ones first, then the
 * newest paid ones) are held, so that nobody pays for or makes what is not there, and somebody decides on each. A shortfall that
 * was made good before anybody heard of it holds nobody. An order that is being made already, or is over, refuses: of it the
 * task is left that the same shortfall opens.
 */
export const shortfall: ProcessManager<State | undefined> = {
  name: 'shortfall',
  wants: (type) => type === 'StockShortfallDetected',
  key: (event) => event.stream,
  load: async ({ event, stream, revision }, folds, related) => {
    if (event.type !== 'StockShortfallDetected') return undefined;
    const then = await folds.at(stock, stream, revision);
    if (then.status === 'none') return undefined;
    const item = await related.latest(stock, stockStream(then.sku, then.locationId));
    if (item.status === 'none' || item.reserved <= item.onHand) return undefined;
    const hit = event.data.reservations.flatMap((id) => reservationOf(item, id) ?? []);
    return {
      sku: item.sku,
      orders: [...new Set(hit.filter(({ qty }) => qty > 0).map(({ orderId }) => orderId))],
      decideBy: addMinutes(related.now(), (await related.settings()).shortageDecisionMinutes),
    };
  },
  react: (_event, state) =>
    state === undefined
      ? []
      : state.orders.map((orderId) =>
          toOrder(orderId, 'hold', {
            type: 'HoldOrder',
            kind: 'shortage',
            detail: `${state.sku} is not there any more`,
            decideBy: state.decideBy,
          }),
        ),
  settle: nothingMore,
};
