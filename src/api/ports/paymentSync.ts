import type { PaymentId } from '../../domain/kernel/ids.js';

/** Asks the payment provider how a payment stands and records what is new; resolves with why nothing came of it, or null. */
export type PaymentSync = (id: PaymentId, seenBy: 'return') => Promise<string | null>;
