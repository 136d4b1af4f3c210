import type { ProviderObservation } from '../../domain/payment/commands.js';

/**
 * The payment pages at the provider, as far as processes look after them. Undefined: the provider knows no such session, so
 * nobody can pay by it. Both throw when the provider does not answer, or says nothing of use.
 */
export interface PaymentSessions {
  /** The session as the provider has it now. */
  observe(sessionId: string): Promise<ProviderObservation | undefined>;
  /** Closes the session and says how it stands then: `expired`, or `complete` when the payer was faster. */
  close(sessionId: string): Promise<ProviderObservation | undefined>;
}
