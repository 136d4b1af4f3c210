import type { OrderId } from '../../domain/kernel/ids.js';
import { orderStream, paymentStream } from '../../domain/kernel/streams.js';
import {
  type By,
  type LineQuantity,
  type Order,
  order,
  type OrderCommand,
  type OtherMoney,
  paymentsOf,
} from '../../domain/order/index.js';
import { payment, waitingMoney } from '../../domain/payment/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import { paymentIdOf, resolutionIdOf } from '../identity.js';
import type { OrderOutcome } from './cancelOrder.js';
import { additionalPayment, endedPayment } from './requestPayment.js';

export interface HoldDecision {
  readonly decision: 'accept' | 'reject' | 'amend';
  /** What to drop, for `amend`. */
  readonly lines?: readonly LineQuantity[];
  readonly reason?: string;
  readonly by: By;
  /** Names the decision, so that a repeat is the same one. */
  readonly idempotencyKey?: string;
}

/**
 * Decides on a held order. Where it is accepted by that, or goes on waiting for its payment, the time to pay begins now; where
 * nobody can pay that one any more, another payment is asked for in the same word. Held because another amount was paid than was
 * asked for, it takes that money with it when it goes on: a process has it counted.
 */
export async function resolveHold(
  executor: Executor,
  id: OrderId,
  { idempotencyKey, ...decision }: HoldDecision,
  context: CommandContext,
): Promise<OrderOutcome> {
  const stream = orderStream(id);
  const { state } = await executor.load(order, stream, { fresh: true });
  const minutes = state.status === 'none' ? 0 : state.details.paymentWindowMinutes;
  const goesOn = decision.decision !== 'reject';
  const another = goesOn ? await anotherPayment(executor, id, state, context.at) : undefined;
  const money = goesOn ? await moneyToDecideOn(executor, state) : [];
  return executor.execute(
    order,
    stream,
    {
      type: 'ResolveHold',
      ...decision,
      ...(idempotencyKey === undefined ? {} : { resolutionId: resolutionIdOf(id, idempotencyKey) }),
      at: context.at,
      acceptance: {
        paymentId: paymentIdOf(id, 1),
        paymentDueAt: new Date(Date.parse(context.at) + minutes * 60_000).toISOString(),
      },
      ...(another === undefined ? {} : { another }),
      ...(money.length === 0 ? {} : { money }),
    },
    context,
  );
}

/** What came as another amount than was asked for, where the order is held because of that. */
async function moneyToDecideOn(executor: Executor, state: Order): Promise<readonly OtherMoney[]> {
  if (state.status !== 'on_hold' || state.hold.kind !== 'mismatch') return [];
  const waiting = paymentsOf(state).map(async (paymentId) => {
    const its = await executor.load(payment, paymentStream(paymentId), { fresh: true });
    if (its.state.status === 'none') return [];
    return waitingMoney(its.state).map(({ intentId, actual }) => ({ paymentId, intentId, amount: actual }));
  });
  return (await Promise.all(waiting)).flat();
}

/** What an order is to be paid by whose page was closed while it was held; what closes later is seen to by the payment deadline. */
async function anotherPayment(
  executor: Executor,
  id: OrderId,
  state: Order,
  at: string,
): Promise<Extract<OrderCommand, { type: 'ResolveHold' }>['another']> {
  if (state.status !== 'on_hold' || state.hold.resumeTo !== 'awaiting_payment') return undefined;
  const insteadOf = await endedPayment(executor, state);
  if (insteadOf === undefined) return undefined;
  const { paymentId, ordinal } = additionalPayment(id, state, at);
  return { insteadOf, paymentId, ordinal };
}
