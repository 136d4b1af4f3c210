import { orderStream } from '../../domain/kernel/streams.js';
import type { OrderId } from '../../domain/kernel/ids.js';
import { order } from '../../domain/order/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import { paymentIdOf } from '../identity.js';
import type { OrderOutcome } from './cancelOrder.js';

/** The provider's payment page is open for a day at most, and needs a little time to be opened. */
const TIME_TO_PAY_MS = 23 * 60 * 60_000;

/** Asks for what is still due of an order by another payment, or finds the one that is open. */
export async function requestPayment(executor: Executor, id: OrderId, context: CommandContext): Promise<OrderOutcome> {
  const stream = orderStream(id);
  const { state } = await executor.load(order, stream, { fresh: true });
  // the first payment of an order has the ordinal 1, whether it was ever opened or not
  const ordinal = 2 + (state.status === 'none' ? 0 : (state.requested?.length ?? 0));
  return executor.execute(
    order,
    stream,
    {
      type: 'RequestPayment',
      paymentId: paymentIdOf(id, ordinal),
      ordinal,
      dueAt: new Date(Date.parse(context.at) + TIME_TO_PAY_MS).toISOString(),
      at: context.at,
    },
    context,
  );
}
