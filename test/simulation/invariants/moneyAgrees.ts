import type { RecordedEvent } from '../../../src/domain/events.js';
import type { Installation } from '../world/installation.js';
import type { Invariant } from './invariant.js';
import { Violation } from './violation.js';

/** What we say of the money of one payment. */
interface Recorded {
  captured: number;
  refunded: number;
}

/**
 * What was paid is captured, or told as another amount than was asked for, once: of that nothing is ours before somebody has
 * looked at it. Each capture and each refund is recorded once; at rest what we recorded of each payment, and of all of them, is what the
 * provider's ledger says: charged less refunded.
 */
export function moneyAgrees(): Invariant {
  const name = "captured less refunded is the provider's ledger";
  const intents = new Map<string, number>();
  const others = new Map<string, number>();
  const refunds = new Map<string, number>();
  const payments = new Map<string, Recorded>();
  const of = (stream: string): Recorded => {
    const known = payments.get(stream) ?? { captured: 0, refunded: 0 };
    payments.set(stream, known);
    return known;
  };
  const record = ({ event, stream }: RecordedEvent): void => {
    if (event.type === 'PaymentCaptured') {
      const { intentId, amount } = event.data;
      if (intents.has(intentId)) throw new Violation(name, `${stream} captured ${intentId} twice`);
      intents.set(intentId, amount.amount);
      of(stream).captured += amount.amount;
    } else if (event.type === 'ProviderMismatchDetected') {
      const { intentId, actual } = event.data;
      if (others.has(intentId)) throw new Violation(name, `${stream} told twice of another amount in ${intentId}`);
      others.set(intentId, actual.amount);
    } else if (event.type === 'RefundSucceeded') {
      const { refundId, amount } = event.data;
      if (refunds.has(refundId)) throw new Violation(name, `${stream} was refunded ${refundId} twice`);
      refunds.set(refundId, amount.amount);
      const recorded = of(stream);
      recorded.refunded += amount.amount;
      if (recorded.refunded > recorded.captured) {
        throw new Violation(name, `${stream} gave back ${recorded.refunded} of ${recorded.captured}`);
      }
    }
  };
  const same = (what: string, theirs: number | undefined, ours: number | undefined): void => {
    if (theirs !== ours)
      throw new Violation(name, `${what}: ${theirs ?? 'nothing'} at the provider, ${ours ?? 'nothing'} recorded`);
  };
  return {
    name,
    stored: record,
    atRest: ({ provider }: Installation) => {
      const charged = new Map<string, number>();
      const balances = new Map<string, number>();
      const paymentOf = new Map(
        [...provider.sessions.values()].map(({ intentId, metadata }) => [intentId, `payment-${metadata.paymentId}`]),
      );
      let total = 0;
      for (const { kind, intentId, amount } of provider.ledger) {
        if (kind === 'charge') {
          if (charged.has(intentId)) throw new Violation(name, `the provider charged ${intentId} twice`);
          charged.set(intentId, amount);
        }
        if (others.has(intentId)) continue;
        const signed = kind === 'charge' ? amount : -amount;
        const stream = paymentOf.get(intentId) ?? intentId;
        balances.set(stream, (balances.get(stream) ?? 0) + signed);
        total += signed;
      }
      for (const intentId of new Set([...charged.keys(), ...intents.keys(), ...others.keys()])) {
        same(intentId, charged.get(intentId), intents.get(intentId) ?? others.get(intentId));
      }
      for (const refundId of new Set([...provider.refunds.keys(), ...refunds.keys()])) {
        same(`the refund ${refundId}`, provider.refunds.get(refundId)?.amount.amount, refunds.get(refundId));
      }
      let recorded = 0;
      for (const [stream, { captured, refunded }] of payments) {
        same(stream, balances.get(stream), captured - refunded);
        recorded += captured - refunded;
      }
      same('all payments', total, recorded);
    },
  };
}
