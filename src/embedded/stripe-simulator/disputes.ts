import { type Context, emit } from './emit.js';
import { noSuch, refused } from './errors.js';
import { newId } from './ids.js';
import type { DisputeRecord } from './records.js';

const WEEK_SECONDS = 7 * 24 * 60 * 60;

/** The payer goes to the bank about a charge that was captured: all of it, or some. */
export function openDispute(
  { paymentIntent, amount, reason }: { paymentIntent: string; amount?: number; reason?: string },
  context: Context,
): DisputeRecord {
  const { tx, now } = context;
  const chargeId = tx.get('intents', paymentIntent)?.latestChargeId;
  const charge = chargeId === undefined ? undefined : tx.get('charges', chargeId);
  if (charge?.status !== 'succeeded' || charge.captured === false) {
    throw noSuch('payment_intent', paymentIntent, 'paymentIntent');
  }
  const dispute: DisputeRecord = {
    id: newId('dp'),
    seq: tx.nextSeq(),
    created: now,
    chargeId: charge.id,
    intentId: charge.intentId,
    status: 'needs_response',
    amount: amount ?? charge.amount - charge.amountRefunded,
    currency: charge.currency,
    reason: reason ?? 'product_not_received',
    evidenceDueBy: now + WEEK_SECONDS,
  };
  tx.put('disputes', dispute);
  emit(context, 'charge.dispute.created', { kind: 'disputes', record: dispute });
  return dispute;
}

/** What the bank says next; the end is for good. */
export function moveDispute(id: string, status: 'under_review' | 'won' | 'lost', context: Context): DisputeRecord {
  const { tx } = context;
  const dispute = tx.get('disputes', id);
  if (!dispute) throw noSuch('dispute', id, 'id');
  if (dispute.status === status) return dispute;
  if (dispute.status === 'won' || dispute.status === 'lost') throw refused(`Dispute ${id} is ${dispute.status}.`);
  const moved: DisputeRecord = { ...dispute, status };
  tx.put('disputes', moved);
  emit(context, status === 'under_review' ? 'charge.dispute.updated' : 'charge.dispute.closed', {
    kind: 'disputes',
    record: moved,
  });
  return moved;
}
