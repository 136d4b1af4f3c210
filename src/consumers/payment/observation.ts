import * as E from 'fp-ts/lib/Either.js';
import type { Clock } from '../../commands/ports/clock.js';
import type { ProviderObservation } from '../../domain/payment/index.js';
import { SystemFault } from '../ports/faults.js';
import type { Asked, PaymentProvider, ProviderSession } from './ports/paymentProvider.js';

/** What the provider says, as the payment records it. `readAt`: a time before the provider was asked, RFC 3339. */
export const observationOf = (session: ProviderSession, readAt: string): ProviderObservation => ({
  sessionId: session.sessionId,
  sessionStatus: session.status,
  paymentStatus: session.paymentStatus,
  amount: session.amount,
  ...(session.intentId === undefined ? {} : { intentId: session.intentId }),
  ...(session.chargeId === undefined ? {} : { chargeId: session.chargeId }),
  ...(session.method === undefined ? {} : { method: session.method }),
  ...(session.held === undefined ? {} : { held: session.held }),
  ...(session.lastError === undefined ? {} : { lastError: session.lastError }),
  readAt,
});

/**
 * The provider's sessions as processes look after them: observed, or closed and then observed. Undefined: the provider
 * knows no such session. Throws what the provider throws, and SystemFault on any other refusal, for it says nothing of the session.
 */
export function observedSessions(provider: Pick<PaymentProvider, 'getSession' | 'expireSession'>, clock: Clock) {
  const observed = async (ask: () => Asked<ProviderSession>): Promise<ProviderObservation | undefined> => {
    const readAt = clock.now();
    const answer = await ask();
    if (E.isRight(answer)) return observationOf(answer.right, readAt);
    if (answer.left.code === 'resource_missing') return undefined;
    throw new SystemFault(`the payment provider refused to say how a session stands: ${answer.left.text}`, {
      cause: answer.left,
    });
  };
  return {
    observe: (sessionId: string) => observed(() => provider.getSession(sessionId)),
    close: (sessionId: string) => observed(() => provider.expireSession(sessionId)),
  };
}
