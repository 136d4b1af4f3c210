import { type Check, checkEach, repeated } from './check.js';
import type { History } from './history.js';

/**
 * Each confirmed order went to the kitchen once, and what the kitchen handed over is fulfilled. One that was called off
 * before the kitchen had heard of it is no business of the kitchen's.
 */
export function checkKitchen({ orders, tickets, events }: History): readonly Check[] {
  const ordered = [...tickets.values()].map(({ state }) => String(state.details.orderId));
  const twice = repeated(ordered);
  const confirmed = events.flatMap(({ event, stream }) => (event.type === 'OrderConfirmed' ? [stream] : []));
  return [
    checkEach('one ticket an order', new Set(ordered), (id) =>
      twice.has(id) ? `${id} has ${twice.get(id)} tickets` : undefined,
    ),
    checkEach('every confirmed order has its ticket, unless it was called off at once', confirmed, (stream) =>
      ordered.includes(stream.slice('order-'.length)) || orders.get(stream)?.state.status === 'cancelled'
        ? undefined
        : `${stream} has none`,
    ),
    checkEach('an order is fulfilled when its ticket is handed over', tickets, ([stream, { state }]) => {
      const order = orders.get(`order-${state.details.orderId}`)?.state;
      const over = order?.status === 'fulfilled' || order?.status === 'completed';
      return over === (state.status === 'handed_over')
        ? undefined
        : `${stream} is ${state.status}, its order is ${order?.status ?? 'not there'}`;
    }),
  ];
}
