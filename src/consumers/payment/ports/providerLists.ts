import type { PaymentId } from '../../../domain/kernel/ids.js';
import type { Money } from '../../../domain/kernel/money.js';
import type { ProviderDispute, ProviderRefund, ProviderSession } from './paymentProvider.js';

/** A charge that took money. */
export interface ProviderCharge {
  readonly paymentId: PaymentId;
  readonly chargeId: string;
  readonly intentId: string;
  /** What was taken. */
  readonly amount: Money;
  /** RFC 3339, UTC; when it was made. */
  readonly at: string;
}

/**
 * What the provider has in its lists, from a moment on (RFC 3339), newest first, page by page. Refunds and disputes come with
 * the payment whose money they are about; charges, refunds and disputes of somebody else are left out. `until` leaves out what was
 * made then or later. Each throws ProviderUnavailable.
 */
export interface ProviderLists {
  listSessions(since: string): AsyncIterable<ProviderSession>;
  listCharges(since: string, until: string): AsyncIterable<ProviderCharge>;
  listAllRefunds(since: string, until?: string): AsyncIterable<ProviderRefund & { readonly paymentId: PaymentId }>;
  listAllDisputes(since: string): AsyncIterable<ProviderDispute & { readonly paymentId: PaymentId }>;
}
