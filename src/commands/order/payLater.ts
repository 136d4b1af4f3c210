import type { OrderId } from '../../domain/kernel/ids.js';
import { locationStream, orderStream } from '../../domain/kernel/streams.js';
import { location } from '../../domain/location/index.js';
import { order } from '../../domain/order/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import type { OrderOutcome } from './cancelOrder.js';

/** Confirms an order that is paid for afterwards, where its location lets it. */
export async function confirmPayLater(executor: Executor, id: OrderId, context: CommandContext): Promise<OrderOutcome> {
  const stream = orderStream(id);
  const { state } = await executor.load(order, stream);
  const at =
    state.status === 'none'
      ? undefined
      : (await executor.load(location, locationStream(state.details.locationId), { fresh: true })).state;
  const allowed = at?.status === 'open' && at.location.payLater === true;
  return executor.execute(order, stream, { type: 'ConfirmPayLater', allowed }, context);
}
