import { type Context, emit } from './emit.js';
import { newId } from './ids.js';
import type { ChargeRecord, IntentRecord, PaymentFailure, SessionRecord } from './records.js';
import type { Reader } from './store.js';

/**
 * What the payer does on the page: pays, has the card declined, leaves; or starts a bank transfer (`process`), which
 * a later `succeed` or `decline` settles. The last one has no button, it is for scripts.
 */
export const OUTCOMES = ['succeed', 'decline', 'abandon', 'process'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What came of it. Refusals: the session was paid before, its time is up, or it can no longer be paid. */
export type Visit =
  | {
      readonly result: 'paid' | 'declined' | 'abandoned' | 'processing' | 'transfer_failed';
      readonly session: SessionRecord;
    }
  | {
      readonly result: 'already_paid' | 'already_processing' | 'expired' | 'payment_failed';
      readonly session: SessionRecord;
    };

/** What whoever comes to the page of a closed session is told; undefined while it can be paid. */
export function standing(session: SessionRecord, reader: Reader): Visit['result'] | undefined {
  if (session.status === 'open') return undefined;
  if (session.status === 'expired') return 'expired';
  if (session.paymentStatus !== 'unpaid') return 'already_paid';
  const intent = session.intentId === undefined ? undefined : reader.get('intents', session.intentId);
  if (intent?.status === 'requires_capture' || intent?.status === 'succeeded') return 'already_paid';
  return intent?.status === 'processing' ? 'already_processing' : 'payment_failed';
}

/** Lets the payer act on a session; amounts and events follow as at Stripe. */
export function visit(session: SessionRecord, outcome: Outcome, context: Context): Visit {
  if (session.status === 'expired' || (session.status === 'open' && session.expiresAt <= context.now)) {
    return { result: 'expired', session };
  }
  if (session.status === 'complete') return settle(session, outcome, context);
  switch (outcome) {
    case 'abandon':
      return { result: 'abandoned', session };
    case 'decline':
      // there is no card to decline where nothing is due
      return session.amount === 0 ? { result: 'abandoned', session } : decline(session, context);
    case 'process':
      return session.amount === 0 ? completeFree(session, context) : startTransfer(session, context);
    case 'succeed':
      return session.amount === 0 ? completeFree(session, context) : pay(session, context);
  }
}

function completeFree(session: SessionRecord, context: Context): Visit {
  return { result: 'paid', session: complete(session, 'no_payment_required', undefined, context) };
}

function pay(session: SessionRecord, context: Context): Visit {
  if (session.captureMethod === 'manual') return hold(session, context);
  const intent = attempt(session, 'succeeded', 'card', context);
  emit(context, 'payment_intent.succeeded', { kind: 'intents', record: intent });
  return { result: 'paid', session: complete(session, 'paid', intent.id, context) };
}

/** The money is held and not taken: the session is complete, and says nothing of what becomes of the money. */
function hold(session: SessionRecord, context: Context): Visit {
  const intent = attempt(session, 'succeeded', 'card', context);
  emit(context, 'payment_intent.amount_capturable_updated', { kind: 'intents', record: intent });
  return { result: 'paid', session: complete(session, 'unpaid', intent.id, context) };
}

function startTransfer(session: SessionRecord, context: Context): Visit {
  const intent = attempt(session, 'pending', 'sepa_debit', context);
  return { result: 'processing', session: complete(session, 'unpaid', intent.id, context) };
}

function decline(session: SessionRecord, context: Context): Visit {
  const intent = attempt(session, 'failed', 'card', context);
  const tried: SessionRecord = { ...session, intentId: intent.id };
  context.tx.put('sessions', tried);
  emit(context, 'payment_intent.payment_failed', { kind: 'intents', record: intent });
  return { result: 'declined', session: tried };
}

/** A session that the payer is done with: a transfer under way comes to its end, anything else is only told. */
function settle(session: SessionRecord, outcome: Outcome, context: Context): Visit {
  const { tx } = context;
  const intent = session.intentId === undefined ? undefined : tx.get('intents', session.intentId);
  const charge = intent?.latestChargeId === undefined ? undefined : tx.get('charges', intent.latestChargeId);
  if (session.paymentStatus !== 'unpaid') return { result: 'already_paid', session };
  if (intent && ['requires_capture', 'succeeded'].includes(intent.status)) return { result: 'already_paid', session };
  if (!intent || !charge || intent.status !== 'processing') return { result: 'payment_failed', session };

  if (outcome === 'succeed') {
    tx.put('charges', { ...charge, status: 'succeeded' });
    const paidIntent: IntentRecord = { ...intent, status: 'succeeded' };
    const paid: SessionRecord = { ...session, paymentStatus: 'paid' };
    tx.put('intents', paidIntent);
    tx.put('sessions', paid);
    emit(context, 'payment_intent.succeeded', { kind: 'intents', record: paidIntent });
    emit(context, 'checkout.session.async_payment_succeeded', { kind: 'sessions', record: paid });
    return { result: 'paid', session: paid };
  }
  if (outcome === 'decline') {
    const failure = failureOf(charge.id, 'debit_not_authorized', 'The bank did not carry out the transfer.');
    tx.put('charges', { ...charge, status: 'failed', failure });
    const failedIntent: IntentRecord = { ...intent, status: 'requires_payment_method', lastFailure: failure };
    tx.put('intents', failedIntent);
    emit(context, 'payment_intent.payment_failed', { kind: 'intents', record: failedIntent });
    emit(context, 'checkout.session.async_payment_failed', { kind: 'sessions', record: session });
    return { result: 'transfer_failed', session };
  }
  return { result: 'already_processing', session };
}

function complete(
  session: SessionRecord,
  paymentStatus: SessionRecord['paymentStatus'],
  intentId: string | undefined,
  context: Context,
): SessionRecord {
  const done: SessionRecord = {
    ...session,
    status: 'complete',
    paymentStatus,
    ...(intentId === undefined ? {} : { intentId }),
  };
  context.tx.put('sessions', done);
  emit(context, 'checkout.session.completed', { kind: 'sessions', record: done });
  return done;
}

/** One try to charge: a charge of its own, on the session's one intent, which comes into being with the first try. */
function attempt(
  session: SessionRecord,
  status: ChargeRecord['status'],
  method: ChargeRecord['method'],
  context: Context,
): IntentRecord {
  const { tx, now } = context;
  const before = session.intentId === undefined ? undefined : tx.get('intents', session.intentId);
  const intentId = before?.id ?? newId('pi');
  const chargeId = newId('ch');
  const failure = status === 'failed' ? failureOf(chargeId, 'card_declined', 'Your card was declined.') : undefined;
  const description = session.intentDescription === undefined ? {} : { description: session.intentDescription };
  const first: Omit<IntentRecord, 'status' | 'lastFailure'> = {
    id: intentId,
    seq: before?.seq ?? tx.nextSeq(),
    created: now,
    sessionId: session.id,
    amount: context.payable?.amount ?? session.amount,
    currency: context.payable?.currency ?? session.currency,
    metadata: session.intentMetadata,
    ...(session.captureMethod === undefined ? {} : { captureMethod: session.captureMethod }),
    ...description,
  };
  const { lastFailure: _, ...kept }: Omit<IntentRecord, 'status'> = before ?? first;
  const intent: IntentRecord = {
    ...kept,
    status: statusAfter(status, session),
    latestChargeId: chargeId,
    ...(failure ? { lastFailure: failure } : {}),
  };
  tx.put('intents', intent);
  tx.put('charges', {
    id: chargeId,
    seq: tx.nextSeq(),
    created: now,
    intentId,
    status,
    amount: intent.amount,
    amountRefunded: 0,
    ...(intent.status === 'requires_capture' ? { captured: false } : {}),
    currency: intent.currency,
    method,
    metadata: session.intentMetadata,
    ...description,
    ...(failure ? { failure } : {}),
  });
  return intent;
}

function statusAfter(status: ChargeRecord['status'], { captureMethod }: SessionRecord): IntentRecord['status'] {
  if (status === 'pending') return 'processing';
  if (status === 'failed') return 'requires_payment_method';
  return captureMethod === 'manual' ? 'requires_capture' : 'succeeded';
}

const failureOf = (chargeId: string, code: string, message: string): PaymentFailure => ({
  code,
  declineCode: 'generic_decline',
  message,
  chargeId,
});
