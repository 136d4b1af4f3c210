import type { Reader } from './store.js';

interface Totals {
  /** Sum of the charges that succeeded. */
  charged: number;
  /** Sum of the refunds that have not failed. */
  refunded: number;
  /** What the merchant holds: charged less refunded. */
  balance: number;
}

/** Everything that money did, for checks: `GET /simulator/ledger`. Amounts in Stripe's units, times in seconds. */
export function ledger(reader: Reader): object {
  const currencies: Record<string, Totals> = {};
  const totalsOf = (currency: string) => (currencies[currency] ??= { charged: 0, refunded: 0, balance: 0 });
  const sessions = { open: 0, complete: 0, expired: 0 };
  for (const { status } of reader.newestFirst('sessions')) sessions[status] += 1;

  const charges = [...reader.newestFirst('charges')].map((charge) => {
    const taken = charge.status === 'succeeded' && charge.captured !== false;
    if (taken) totalsOf(charge.currency).charged += charge.amount;
    const { id, status, amount, amountRefunded, currency, created, intentId, metadata } = charge;
    return {
      ...{ id, status, amount, amountRefunded, currency, created, paymentIntent: intentId, metadata },
      captured: taken,
    };
  });
  const refunds = [...reader.newestFirst('refunds')].map((refund) => {
    if (refund.status !== 'failed') totalsOf(refund.currency).refunded += refund.amount;
    const { id, status, amount, currency, created, chargeId, intentId, metadata } = refund;
    return { id, status, amount, currency, created, charge: chargeId, paymentIntent: intentId, metadata };
  });
  for (const totals of Object.values(currencies)) totals.balance = totals.charged - totals.refunded;
  const disputes = [...reader.newestFirst('disputes')].map(({ id, status, amount, currency, intentId }) => ({
    ...{ id, status, amount, currency, paymentIntent: intentId },
  }));
  return { currencies, sessions, charges, refunds, disputes };
}
