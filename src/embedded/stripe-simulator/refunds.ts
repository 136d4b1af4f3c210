import { shown } from './amounts.js';
import { type Context, emit } from './emit.js';
import { invalidRequest, noSuch, refused } from './errors.js';
import type { Form } from './form.js';
import { newId } from './ids.js';
import type { ChargeRecord, RefundRecord } from './records.js';
import type { Work } from './store.js';

const REASONS = ['duplicate', 'fraudulent', 'requested_by_customer'] as const;

/** `POST /v1/refunds`: all that is left of a charge, or a part of it. `status` is what the refund begins as. */
export function createRefund(form: Form, context: Context, status: 'succeeded' | 'pending'): RefundRecord {
  const { tx, now } = context;
  const charge = chargeToRefund(form, tx);
  const left = charge.amount - charge.amountRefunded;
  const amount = form.integer('amount') ?? left;
  const reason = form.oneOf('reason', REASONS);
  const metadata = form.metadata();
  if (isDisputed(charge.id, tx)) {
    throw refused(`Charge ${charge.id} has been charged back; cannot issue a refund.`, { code: 'charge_disputed' });
  }
  if (left === 0) throw refused(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
  if (amount < 1) {
    throw invalidRequest('Invalid positive integer', { code: 'parameter_invalid_integer', param: 'amount' });
  }
  if (amount > left) {
    const { currency } = charge;
    throw refused(
      `Refund amount (${shown(amount, currency)}) is greater than unrefunded amount on charge (${shown(left, currency)})`,
      { param: 'amount' },
    );
  }
  const refund: RefundRecord = {
    id: newId('re'),
    seq: tx.nextSeq(),
    created: now,
    chargeId: charge.id,
    intentId: charge.intentId,
    status,
    amount,
    currency: charge.currency,
    metadata,
    ...(reason === undefined ? {} : { reason }),
  };
  const refundedCharge: ChargeRecord = { ...charge, amountRefunded: charge.amountRefunded + amount };
  tx.put('refunds', refund);
  tx.put('charges', refundedCharge);
  emit(context, 'refund.created', { kind: 'refunds', record: refund });
  emit(context, 'charge.refunded', { kind: 'charges', record: refundedCharge });
  return refund;
}

/**
 * What the payer's bank says later: a pending refund arrives, or any refund fails, even one that had succeeded; its money
 * is then the merchant's again. Repeating what is already so changes nothing.
 */
export function settleRefund(
  id: string,
  outcome: { readonly status: 'succeeded' | 'failed'; readonly failureReason?: string },
  context: Context,
): RefundRecord {
  const { tx } = context;
  const refund = tx.get('refunds', id);
  if (!refund) throw noSuch('refund', id, 'id');
  if (refund.status === outcome.status) return refund;
  if (refund.status === 'failed') throw refused(`Refund ${id} has failed and stays so.`);

  const { status } = outcome;
  const settled: RefundRecord = {
    ...refund,
    status,
    ...(status === 'failed' ? { failureReason: outcome.failureReason ?? 'declined' } : {}),
  };
  tx.put('refunds', settled);
  emit(context, 'refund.updated', { kind: 'refunds', record: settled });
  if (status === 'failed') {
    const charge = tx.get('charges', refund.chargeId);
    if (charge) tx.put('charges', { ...charge, amountRefunded: charge.amountRefunded - refund.amount });
    emit(context, 'refund.failed', { kind: 'refunds', record: settled });
  }
  return settled;
}

/** The bank has the money of a dispute that is not won. */
function isDisputed(chargeId: string, tx: Work): boolean {
  for (const dispute of tx.newestFirst('disputes')) {
    if (dispute.chargeId === chargeId) return dispute.status !== 'won';
  }
  return false;
}

function chargeToRefund(form: Form, tx: Work): ChargeRecord {
  const chargeId = form.text('charge');
  const intentId = form.text('payment_intent');
  if ((chargeId === undefined) === (intentId === undefined)) {
    throw invalidRequest('One of the following params should be provided for this request: payment_intent or charge.');
  }
  const intent = intentId === undefined ? undefined : tx.get('intents', intentId);
  if (intentId !== undefined && !intent) throw noSuch('payment_intent', intentId, 'payment_intent');
  const id = chargeId ?? intent?.latestChargeId;
  const charge = id === undefined ? undefined : tx.get('charges', id);
  if (chargeId !== undefined && !charge) throw noSuch('charge', chargeId, 'charge');
  if (charge?.status !== 'succeeded' || charge.captured === false) {
    throw refused(
      intentId === undefined
        ? `Charge ${String(chargeId)} did not succeed and cannot be refunded.`
        : `This PaymentIntent (${intentId}) does not have a successful charge to refund.`,
      { code: 'charge_not_refundable' },
    );
  }
  return charge;
}
