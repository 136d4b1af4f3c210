import { taskIdOf } from '../commands/identity.js';
import type { RecordedEvent } from '../domain/events.js';
import type { LocationId, OrderId, Sku } from '../domain/kernel/ids.js';
import { orderStream, stockStream } from '../domain/kernel/streams.js';
import type { OrderRejection } from '../domain/order/index.js';
import { reservationOf, stock } from '../domain/stock/index.js';
import type { Refused } from './engine/outcome.js';
import type { ProcessManager } from './engine/process.js';
import { type CommandStep, toOrder, toTask } from './engine/step.js';
import { addMinutes } from './time.js';

interface State {
  readonly sku: Sku;
  readonly locationId: LocationId;
  /** Whose goods are not there: each order once. */
  readonly orders: readonly OrderId[];
  /** RFC 3339. */
  readonly decideBy: string;
}

/**
 * Shortfall: less is on the shelf than is promised. The orders that would go without (the newest unpaid ones first, then the
 * newest paid ones) are held, so that nobody pays for or makes what is not there, and somebody decides on each. A shortfall that
 * was made good before anybody heard of it holds nobody. An order that is being made already is not held any more: it becomes
 * somebody's task.
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
      locationId: item.locationId,
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
  settle: (event, state, outcomes) => {
    if (state === undefined || outcomes.some(({ step }) => step.kind === 'task')) return [];
    return state.orders.flatMap((orderId) => {
      const asked = outcomes.find(({ step }) => step.kind === 'order' && step.stream === orderStream(orderId));
      return asked?.result === 'refused' && isBeingMade(asked) ? [tellStaff(event, state, orderId)] : [];
    });
  },
};

const isBeingMade = ({ rejection }: Refused): boolean => {
  const refusal = rejection as OrderRejection;
  return refusal._tag === 'IllegalTransition' && refusal.status === 'in_fulfilment';
};

function tellStaff({ id, meta }: RecordedEvent, { sku, locationId }: State, orderId: OrderId): CommandStep {
  const taskId = taskIdOf('shortfall', id, orderId);
  return toTask(taskId, `open ${orderId}`, {
    type: 'OpenTask',
    task: {
      taskId,
      kind: 'shortfall',
      about: { orderId, sku, locationId },
      text: `${sku} is not there any more for an order that is being made`,
      openedAt: meta.at,
    },
  });
}
