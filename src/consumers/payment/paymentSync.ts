import * as E from 'fp-ts/lib/Either.js';
import type { Executor } from '../../commands/executor/contract.js';
import { freshCommandId } from '../../commands/identity.js';
import type { Clock } from '../../commands/ports/clock.js';
import type { PaymentId } from '../../domain/kernel/ids.js';
import { paymentStream } from '../../domain/kernel/streams.js';
import { payment, type SeenBy } from '../../domain/payment/index.js';
import { issuerFor } from '../runtime/issuer.js';
import { recordDisputes } from './disputeStates.js';
import { observationOf } from './observation.js';
import type { PaymentProvider } from './ports/paymentProvider.js';
import { recordRefunds } from './refundStates.js';

export interface PaymentSyncParts {
  readonly executor: Executor;
  readonly clock: Clock;
  readonly provider: Pick<PaymentProvider, 'getSession' | 'listRefunds' | 'listDisputes'>;
  readonly tenant: string;
}

/**
 * Asks the provider how a payment stands, its refunds and disputes too, and records what is new. Answers null, or why
 * nothing came of it: no such payment, no session yet, or what the provider refused. Throws system faults.
 */
export function paymentSync({ executor, clock, provider, tenant }: PaymentSyncParts) {
  const issuer = issuerFor('payment-sync', 'provider', executor, clock);
  return async (paymentId: PaymentId, seenBy: SeenBy): Promise<string | null> => {
    const stream = paymentStream(paymentId);
    const { state } = await executor.load(payment, stream, { fresh: true });
    if (state.status === 'none' || !state.opening) return 'there is no such payment';
    if (!state.session) return 'it has no session yet';
    const { orderId } = state.opening;
    // asked for by somebody, and as often as they like: no repeat of it is the same command
    const { issue } = issuer({ id: freshCommandId(), correlationId: orderId, tenant });

    const readAt = clock.now();
    const answer = await provider.getSession(state.session.sessionId);
    if (E.isLeft(answer)) return `the provider refused: ${answer.left.code}: ${answer.left.text}`;
    const session = answer.right;
    const recorded = await issue(payment, stream, 'observe', {
      type: 'RecordProviderState',
      orderId,
      observation: observationOf(session, readAt),
      seenBy,
    });
    if (E.isLeft(recorded)) return `the payment refused: ${recorded.left._tag}`;
    if (session.intentId === undefined || session.paymentStatus !== 'paid') return null;
    return (
      (await recordRefunds(provider, { issue }, paymentId, session.intentId)) ??
      (await recordDisputes(provider, { issue }, paymentId, session.intentId))
    );
  };
}
