import * as E from 'fp-ts/lib/Either.js';
import { type PaymentId, RefundIdCodec } from '../../domain/kernel/ids.js';
import { paymentStream } from '../../domain/kernel/streams.js';
import { payment } from '../../domain/payment/index.js';
import type { Issuer } from '../runtime/issuer.js';
import type { PaymentProvider, ProviderRefund } from './ports/paymentProvider.js';

/**
 * Records how every refund of an intent stands at the provider now, ours and those that were made elsewhere. Answers null, or
 * why nothing came of it.
 */
export async function recordRefunds(
  provider: Pick<PaymentProvider, 'listRefunds'>,
  { issue }: Issuer,
  paymentId: PaymentId,
  intentId: string,
): Promise<string | null> {
  const answer = await provider.listRefunds(intentId);
  if (E.isLeft(answer)) return `the provider refused: ${answer.left.code}: ${answer.left.text}`;
  for (const { providerRefundId, status, amount, failureReason, metadata } of failedFirst(answer.right)) {
    const ours = RefundIdCodec.decode(metadata.refundId);
    const recorded = await issue(payment, paymentStream(paymentId), `refund ${providerRefundId} ${status}`, {
      type: 'RecordRefundState',
      ...(E.isRight(ours) ? { refundId: ours.right } : {}),
      providerRefundId,
      intentId,
      status,
      amount,
      ...(failureReason === undefined ? {} : { code: failureReason }),
    });
    if (E.isLeft(recorded)) return `the payment refused: ${recorded.left._tag}`;
  }
  return null;
}

/** What came back may have gone again by another refund: told the other way round, more would have gone than there ever was. */
const failedFirst = (refunds: readonly ProviderRefund[]): readonly ProviderRefund[] => {
  const hasFailed = ({ status }: ProviderRefund): boolean => status === 'failed' || status === 'canceled';
  return [...refunds.filter(hasFailed), ...refunds.filter((one) => !hasFailed(one))];
};
