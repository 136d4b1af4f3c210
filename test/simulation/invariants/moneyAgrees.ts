import type { RecordedEvent } from '../../../src/domain/events.js';
import type { Installation } from '../world/installation.js';
import { signed } from '../ports/refunds.js';
import type { Invariant } from './invariant.js';
import { Violation } from './violation.js';

/** What we say of the money of one payment. */
interface Recorded {
  captured: number;
  /** By us. */
  refunded: number;
  /** At the provider's desk. */
  byHand: number;
}

/**
 * What was paid is captured, or told as another amount than was asked for, once: of that nothing is ours before somebody has
 * accepted it, and then all of it, less what went back of it before. Each capture and each refund is recorded once; at rest what we
 * recorded of each payment, and of all of them, is what the provider's ledger says: charged less refunded. Of what nobody accepted no
 * more goes back than came.
 */
export function moneyAgrees(): Invariant {
  const name = "captured less refunded is the provider's ledger";
  const intents = new Map<string, number>();
  const others = new Map<string, number>();
  const refunds = new Map<string, number>();
  const byHand = new Map<string, number>();
  /** Which intent each refund takes from. */
  const sources = new Map<string, string>();
  const payments = new Map<string, Recorded>();
  const of = (stream: string): Recorded => {
    const known = payments.get(stream) ?? { captured: 0, refunded: 0, byHand: 0 };
    payments.set(stream, known);
    return known;
  };
  const isUncounted = (id: string): boolean => {
    const intentId = sources.get(id);
    return intentId !== undefined && others.has(intentId) && !intents.has(intentId);
  };
  const record = ({ event, stream }: RecordedEvent): void => {
    if (event.type === 'PaymentCaptured') {
      const { intentId, amount } = event.data;
      if (intents.has(intentId)) throw new Violation(name, `${stream} captured ${intentId} twice`);
      intents.set(intentId, amount.amount);
      of(stream).captured += amount.amount;
      // it went back by hand before anybody accepted it
      if (others.has(intentId)) {
        for (const [id, gone] of byHand) if (sources.get(id) === intentId) of(stream).byHand += gone;
      }
    } else if (event.type === 'ProviderMismatchDetected') {
      const { intentId, actual } = event.data;
      if (others.has(intentId)) throw new Violation(name, `${stream} told twice of another amount in ${intentId}`);
      others.set(intentId, actual.amount);
    } else if (event.type === 'RefundRequested') {
      const { refundId, intentId, amount } = event.data;
      sources.set(refundId, intentId);
      if (isUncounted(refundId) && amount.amount > (others.get(intentId) ?? 0))
        throw new Violation(name, `${stream} gives back ${amount.amount} of ${others.get(intentId)}`);
    } else if (event.type === 'RefundSucceeded') {
      const { refundId, amount } = event.data;
      if (refunds.has(refundId)) throw new Violation(name, `${stream} was refunded ${refundId} twice`);
      refunds.set(refundId, amount.amount);
      if (isUncounted(refundId)) return;
      const recorded = of(stream);
      recorded.refunded += amount.amount;
      if (recorded.refunded > recorded.captured) {
        throw new Violation(name, `${stream} gave back ${recorded.refunded} of ${recorded.captured}`);
      }
    } else if (event.type === 'RefundFailed') {
      const { refundId, amount } = event.data;
      // of what never looked good nothing has to be taken back
      if (refunds.delete(refundId) && !isUncounted(refundId)) of(stream).refunded -= amount.amount;
    } else if (event.type === 'ForeignRefundRecorded') {
      const { providerRefundId, amount, intentId } = event.data;
      if (intentId !== undefined) sources.set(providerRefundId, intentId);
      if (byHand.has(providerRefundId)) throw new Violation(name, `${stream} was told of ${providerRefundId} twice`);
      byHand.set(providerRefundId, amount.amount);
      // maybe before it hears that one of ours has failed, whose money this is: it must not stay so
      if (!isUncounted(providerRefundId)) of(stream).byHand += amount.amount;
    } else if (event.type === 'ForeignRefundFailed') {
      const { providerRefundId, amount } = event.data;
      if (!byHand.delete(providerRefundId)) throw new Violation(name, `${providerRefundId} failed and had not gone`);
      if (!isUncounted(providerRefundId)) of(stream).byHand -= amount.amount;
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
      for (const movement of provider.ledger) {
        const { kind, intentId, amount } = movement;
        if (kind === 'charge') {
          if (charged.has(intentId)) throw new Violation(name, `the provider charged ${intentId} twice`);
          charged.set(intentId, amount);
        }
        if (others.has(intentId) && !intents.has(intentId)) continue;
        const stream = paymentOf.get(intentId) ?? intentId;
        balances.set(stream, (balances.get(stream) ?? 0) + signed(movement));
        total += signed(movement);
      }
      for (const intentId of new Set([...charged.keys(), ...intents.keys(), ...others.keys()])) {
        same(intentId, charged.get(intentId), intents.get(intentId) ?? others.get(intentId));
      }
      const went = new Map(
        provider.refunds.all
          .filter(({ status }) => status !== 'failed')
          .map(({ metadata, providerRefundId, amount }) => [metadata.refundId ?? providerRefundId, amount.amount]),
      );
      const known = new Map([...refunds, ...byHand]);
      for (const id of new Set([...went.keys(), ...known.keys()])) {
        same(`the refund ${id}`, went.get(id), known.get(id));
      }
      let recorded = 0;
      for (const [stream, { captured, refunded, byHand }] of payments) {
        const left = captured - refunded - byHand;
        if (left < 0) throw new Violation(name, `${stream} gave back ${refunded + byHand} of ${captured}`);
        same(stream, balances.get(stream), left);
        recorded += left;
      }
      same('all payments', total, recorded);
    },
  };
}
