import type { PaymentId } from '../../../domain/kernel/ids.js';
import type { ProviderDispute, ProviderRefund, ProviderSession } from './paymentProvider.js';

/**
 * What the provider has in its lists, from a moment on (RFC 3339), newest first, page by page. Refunds and disputes come with
 * the payment whose money they are about; those of somebody else are left out. Each throws ProviderUnavailable.
 */
export interface ProviderLists {
  listSessions(since: string): AsyncIterable<ProviderSession>;
  listAllRefunds(since: string): AsyncIterable<ProviderRefund & { readonly paymentId: PaymentId }>;
  listAllDisputes(since: string): AsyncIterable<ProviderDispute & { readonly paymentId: PaymentId }>;
}
