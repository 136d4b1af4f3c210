import type { CloudEvent } from '../../../src/consumers/contracts/cloudEvent.js';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { type ExistingOrder, order, type OrderEvent } from '../../../src/domain/order/index.js';
import { orderMessage } from '../../../src/projections/publishers/orderMessages.js';
import { envelope } from '../../../src/projections/publishers/publisher.js';
import { anOrder } from '../../support/fixtures.js';
import { recorded } from '../processes/support/recorded.js';

/** The message that tells of the last of an order's events. */
export function messageAfter(history: readonly OrderEvent[]): CloudEvent<unknown> {
  const last = history.at(-1) as Parameters<typeof orderMessage>[0];
  const message = orderMessage(last, fold(order, order.initial, history) as ExistingOrder);
  if (message === undefined) throw new Error(`${last.type} is told to nobody`);
  return envelope(recorded(`order-${anOrder}`, last, history.length - 1), message);
}
