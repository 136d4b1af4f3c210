import { type Context, emit } from './emit.js';
import { noSuch, refused } from './errors.js';
import type { Form } from './form.js';
import type { ChargeRecord, IntentRecord } from './records.js';
import type { Work } from './store.js';

/** `POST /v1/payment_intents/{id}/capture`: takes all the money that is held. */
export function captureIntent(id: string, form: Form, context: Context): IntentRecord {
  const { tx } = context;
  const intent = intentOf(tx, id);
  const amount = form.integer('amount_to_capture') ?? intent.amount;
  if (intent.status !== 'requires_capture') {
    throw unexpected(
      `This PaymentIntent could not be captured because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`,
    );
  }
  if (amount !== intent.amount) {
    throw refused('The simulator captures the whole amount or nothing.', { param: 'amount_to_capture' });
  }
  const captured: IntentRecord = { ...intent, status: 'succeeded' };
  const charge = chargeOf(tx, intent);
  const taken: ChargeRecord = { ...charge, captured: true };
  tx.put('intents', captured);
  tx.put('charges', taken);
  emit(context, 'charge.captured', { kind: 'charges', record: taken });
  emit(context, 'payment_intent.succeeded', { kind: 'intents', record: captured });
  return captured;
}

const REASONS = ['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned'] as const;
const CANCELLABLE: ReadonlySet<IntentRecord['status']> = new Set(['requires_capture', 'requires_payment_method']);

/** `POST /v1/payment_intents/{id}/cancel`: what is held is the payer's again. */
export function cancelIntent(id: string, form: Form, context: Context): IntentRecord {
  const { tx, now } = context;
  const intent = intentOf(tx, id);
  form.oneOf('cancellation_reason', REASONS);
  if (!CANCELLABLE.has(intent.status)) {
    throw unexpected(`You cannot cancel this PaymentIntent because it has a status of ${intent.status}.`);
  }
  const cancelled: IntentRecord = { ...intent, status: 'canceled', canceledAt: now };
  tx.put('intents', cancelled);
  emit(context, 'payment_intent.canceled', { kind: 'intents', record: cancelled });
  return cancelled;
}

const unexpected = (message: string) => refused(message, { code: 'payment_intent_unexpected_state' });

function intentOf(tx: Work, id: string): IntentRecord {
  const intent = tx.get('intents', id);
  if (!intent) throw noSuch('payment_intent', id, 'intent');
  return intent;
}

function chargeOf(tx: Work, { id, latestChargeId }: IntentRecord): ChargeRecord {
  const charge = latestChargeId === undefined ? undefined : tx.get('charges', latestChargeId);
  if (!charge) throw new Error(`${id} holds money and has no charge`);
  return charge;
}
