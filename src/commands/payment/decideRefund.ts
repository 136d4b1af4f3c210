import type { Either } from 'fp-ts/lib/Either.js';
import type { PaymentId, RefundId } from '../../domain/kernel/ids.js';
import { paymentStream } from '../../domain/kernel/streams.js';
import { type Payment, payment, type PaymentEvent, type PaymentRejection } from '../../domain/payment/index.js';
import type { CommandContext, Committed, Executor, ExecutorRejection } from '../executor/contract.js';

export type PaymentOutcome = Either<PaymentRejection | ExecutorRejection, Committed<Payment, PaymentEvent>>;

/** Lets a refund go. Whoever asked for it may do so up to a limit, in major units; above it somebody else. */
export const approveRefund = (
  executor: Executor,
  id: PaymentId,
  { refundId, secondPersonAbove }: { readonly refundId: RefundId; readonly secondPersonAbove: number },
  context: CommandContext,
): Promise<PaymentOutcome> =>
  executor.execute(
    payment,
    paymentStream(id),
    { type: 'ApproveRefund', refundId, by: context.actor.id, at: context.at, secondPersonAbove },
    context,
  );

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
