import type { OrderId } from '../../domain/kernel/ids.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { order } from '../../domain/order/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import type { OrderOutcome } from './cancelOrder.js';

/** Closes an order that was handed over, before its timer does. */
export const completeOrder = (
  executor: Executor,
  id: OrderId,
  by: 'customer' | 'staff',
  context: CommandContext,
): Promise<OrderOutcome> => executor.execute(order, orderStream(id), { type: 'CompleteOrder', by }, context);
