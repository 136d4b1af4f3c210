import type { PaymentProvider, ProviderSession } from '../../../src/consumers/payment/ports/paymentProvider.js';
import type { ProviderLists } from '../../../src/consumers/payment/ports/providerLists.js';
import type { PaymentId } from '../../../src/domain/kernel/ids.js';
import type { Provider } from './provider.js';

/** The provider's lists as the reconciliation reads them. A run lasts for less than any of them reaches back. */
export function providerLists(
  { sessions, refunds }: Provider,
  provider: Pick<PaymentProvider, 'listRefunds' | 'refund' | 'findSessionByIntent'>,
): ProviderLists & Pick<PaymentProvider, 'listRefunds' | 'refund'> {
  // each list is the answer to one call
  const called = () => provider.findSessionByIntent('');
  return {
    listRefunds: provider.listRefunds,
    refund: provider.refund,
    async *listSessions() {
      await called();
      yield* [...sessions.values()].map((session): ProviderSession => ({ ...session })).reverse();
    },
    async *listAllRefunds() {
      const byIntent = new Map([...sessions.values()].map(({ intentId, metadata }) => [intentId, metadata.paymentId]));
      await called();
      const answer = refunds.all.map((refund) => ({
        ...refund,
        paymentId: byIntent.get(refund.intentId) as PaymentId,
      }));
      yield* answer.reverse();
    },
    // only the book of a day reads them
    listCharges: () => nothing(),
    listAllDisputes: () => nothing(),
  };
}

async function* nothing(): AsyncIterable<never> {
  // nobody in this world disputes
}
