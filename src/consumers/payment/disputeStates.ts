import * as E from 'fp-ts/lib/Either.js';
import type { PaymentId } from '../../domain/kernel/ids.js';
import { paymentStream } from '../../domain/kernel/streams.js';
import { payment } from '../../domain/payment/index.js';
import type { Issuer } from '../runtime/issuer.js';
import type { PaymentProvider } from './ports/paymentProvider.js';

/** Records how every dispute about an intent stands at the provider now. Answers null, or why nothing came of it. */
export async function recordDisputes(
  provider: Pick<PaymentProvider, 'listDisputes'>,
  { issue }: Issuer,
  paymentId: PaymentId,
  intentId: string,
): Promise<string | null> {
  const answer = await provider.listDisputes(intentId);
  if (E.isLeft(answer)) return `the provider refused: ${answer.left.code}: ${answer.left.text}`;
  for (const { disputeId, amount, status, evidenceDueBy } of answer.right) {
    const recorded = await issue(payment, paymentStream(paymentId), `dispute ${disputeId} ${status}`, {
      type: 'RecordDispute',
      disputeId,
      amount,
      status,
      ...(evidenceDueBy === undefined ? {} : { evidenceDueBy }),
    });
    if (E.isLeft(recorded)) return `the payment refused: ${recorded.left._tag}`;
  }
  return null;
}
