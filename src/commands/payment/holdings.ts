import type { PaymentId } from '../../domain/kernel/ids.js';
import { paymentStream } from '../../domain/kernel/streams.js';
import { payment } from '../../domain/payment/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import type { PaymentOutcome } from './decideRefund.js';

/** Wants the money that the provider holds; the provider is asked afterwards. */
export const capturePayment = (executor: Executor, id: PaymentId, context: CommandContext): Promise<PaymentOutcome> =>
  executor.execute(payment, paymentStream(id), { type: 'CapturePayment', by: context.actor.id }, context);

/** Wants the money that the provider holds to be let go; the provider is asked afterwards. */
export const voidPayment = (
  executor: Executor,
  id: PaymentId,
  reason: string,
  context: CommandContext,
): Promise<PaymentOutcome> =>
  executor.execute(payment, paymentStream(id), { type: 'VoidPayment', by: context.actor.id, reason }, context);
