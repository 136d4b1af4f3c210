import type { Either } from 'fp-ts/lib/Either.js';
import { majorUnits } from '../../domain/kernel/currency.js';
import type { PaymentId, RefundId } from '../../domain/kernel/ids.js';
import { paymentStream } from '../../domain/kernel/streams.js';
import { type Payment, payment, type PaymentEvent, type PaymentRejection } from '../../domain/payment/index.js';
import type { CommandContext, Committed, Executor, ExecutorRejection } from '../executor/contract.js';

export type PaymentOutcome = Either<PaymentRejection | ExecutorRejection, Committed<Payment, PaymentEvent>>;

/** Lets a refund go. Whoever asked for it may do so up to a limit, in major units; above it somebody else. */
export async function approveRefund(
  executor: Executor,
  id: PaymentId,
  { refundId, secondPersonAbove }: { readonly refundId: RefundId; readonly secondPersonAbove: number },
  context: CommandContext,
): Promise<PaymentOutcome> {
  const stream = paymentStream(id);
  const { state } = await executor.load(payment, stream);
  // the currency of a payment never changes, so a cached state is as good as a fresh one
  const currency = state.status === 'none' ? undefined : state.captures[0]?.amount.currency;
  return executor.execute(
    payment,
    stream,
    {
      type: 'ApproveRefund',
      refundId,
      by: context.actor.id,
      secondPersonAbove: currency === undefined ? 0 : majorUnits(secondPersonAbove, currency),
    },
    context,
  );
}

/** Does not let a refund go; the order is told, and the money can be given back another time. */
export const rejectRefund = (
  executor: Executor,
  id: PaymentId,
  { refundId, reason }: { readonly refundId: RefundId; readonly reason: string },
  context: CommandContext,
): Promise<PaymentOutcome> =>
  executor.execute(
    payment,
    paymentStream(id),
    { type: 'RejectRefund', refundId, by: context.actor.id, reason },
    context,
  );
