import Stripe from 'stripe';
import type {
  ChargeRecord,
  DisputeRecord,
  EventRecord,
  IntentRecord,
  Kind,
  LineRecord,
  PaymentFailure,
  Records,
  RefundRecord,
  SessionRecord,
  Snapshot,
} from './records.js';
import type { Reader } from './store.js';

/**
 * Stripe's objects, made from what the simulator keeps. Their types are those of the client, so that a field that
 * Stripe always sends is not forgotten. Source: https://docs.stripe.com/api.
 */
export interface Rendering {
  readonly reader: Reader;
  /** Where the payment pages are, without a slash at the end. */
  readonly publicUrl: string;
}

export const payPath = (sessionId: string): string => `/c/pay/${sessionId}`;

export function renderSession(session: SessionRecord, { publicUrl }: Rendering): Stripe.Checkout.Session {
  return {
    id: session.id,
    object: 'checkout.session',
    adaptive_pricing: { enabled: false },
    after_expiration: null,
    allow_promotion_codes: null,
    allowed_payment_method_types: null,
    amount_subtotal: session.amount,
    amount_total: session.amount,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: null,
    cancel_url: session.cancelUrl ?? null,
    client_reference_id: session.clientReferenceId ?? null,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: session.created,
    currency: session.currency,
    currency_conversion: null,
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    customer: null,
    customer_account: null,
    customer_creation: 'if_required',
    customer_details: null,
    customer_email: session.customerEmail ?? null,
    discounts: [],
    expires_at: session.expiresAt,
    integration_identifier: null,
    invoice: null,
    invoice_creation: null,
    livemode: false,
    locale: null,
    managed_payments: null,
    metadata: session.metadata,
    mode: 'payment',
    origin_context: null,
    payment_intent: session.intentId ?? null,
    payment_link: null,
    payment_method_collection: 'if_required',
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ['card'],
    payment_status: session.paymentStatus,
    permissions: null,
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: session.status,
    submit_type: null,
    subscription: null,
    success_url: session.successUrl,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: session.status === 'open' ? `${publicUrl}${payPath(session.id)}` : null,
    wallet_options: null,
  };
}

export function renderLine(line: LineRecord, session: SessionRecord): Stripe.LineItem {
  const amount = line.unitAmount * line.quantity;
  return {
    id: line.id,
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency: session.currency,
    description: line.name,
    metadata: {},
    price: null,
    quantity: line.quantity,
  };
}

const renderFailure = (failure: PaymentFailure): Stripe.PaymentIntent.LastPaymentError => ({
  type: 'card_error',
  code: failure.code,
  decline_code: failure.declineCode,
  message: failure.message,
  charge: failure.chargeId,
});

export function renderIntent(intent: IntentRecord): Stripe.PaymentIntent {
  return {
    id: intent.id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: intent.amount,
    amount_capturable: intent.status === 'requires_capture' ? intent.amount : 0,
    amount_received: intent.status === 'succeeded' ? intent.amount : 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: intent.canceledAt ?? null,
    cancellation_reason: intent.status === 'canceled' ? 'automatic' : null,
    capture_method: intent.captureMethod ?? 'automatic_async',
    client_secret: null,
    confirmation_method: 'automatic',
    created: intent.created,
    currency: intent.currency,
    customer: null,
    customer_account: null,
    description: intent.description ?? null,
    excluded_payment_method_types: null,
    last_payment_error: intent.lastFailure ? renderFailure(intent.lastFailure) : null,
    latest_charge: intent.latestChargeId ?? null,
    livemode: false,
    managed_payments: null,
    metadata: intent.metadata,
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: intent.status,
    transfer_group: null,
  };
}

export function renderCharge(charge: ChargeRecord): Stripe.Charge {
  const succeeded = charge.status === 'succeeded' && charge.captured !== false;
  return {
    id: charge.id,
    object: 'charge',
    amount: charge.amount,
    amount_captured: succeeded ? charge.amount : 0,
    amount_refunded: charge.amountRefunded,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: { address: null, email: null, name: null, phone: null, tax_id: null },
    calculated_statement_descriptor: 'COMANDA',
    captured: succeeded,
    created: charge.created,
    currency: charge.currency,
    customer: null,
    description: charge.description ?? null,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: charge.failure?.code ?? null,
    failure_message: charge.failure?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: charge.metadata,
    on_behalf_of: null,
    outcome: null,
    paid: charge.status === 'succeeded',
    payment_intent: charge.intentId,
    payment_method: null,
    payment_method_details: { type: charge.method },
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    refunded: succeeded && charge.amountRefunded === charge.amount,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: charge.status,
    transfer_data: null,
    transfer_group: null,
  };
}

export function renderRefund(refund: RefundRecord): Stripe.Refund {
  return {
    id: refund.id,
    object: 'refund',
    amount: refund.amount,
    balance_transaction: null,
    charge: refund.chargeId,
    created: refund.created,
    currency: refund.currency,
    customer: null,
    customer_account: null,
    metadata: refund.metadata,
    payment_intent: refund.intentId,
    payment_method: null,
    reason: refund.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: refund.status,
    transfer_reversal: null,
    ...(refund.failureReason === undefined ? {} : { failure_reason: refund.failureReason }),
    ...(refund.status === 'pending' ? { pending_reason: 'processing' } : {}),
  };
}

export function renderDispute(dispute: DisputeRecord): object {
  return {
    id: dispute.id,
    object: 'dispute',
    amount: dispute.amount,
    balance_transactions: [],
    charge: dispute.chargeId,
    created: dispute.created,
    currency: dispute.currency,
    evidence: {},
    evidence_details: {
      due_by: dispute.evidenceDueBy,
      has_evidence: false,
      past_due: false,
      submission_count: 0,
    },
    is_charge_refundable: dispute.status === 'won',
    livemode: false,
    metadata: {},
    payment_intent: dispute.intentId,
    reason: dispute.reason,
    status: dispute.status,
  };
}

export function renderEvent(event: EventRecord, rendering: Rendering): object {
  return {
    id: event.id,
    object: 'event',
    api_version: Stripe.API_VERSION,
    created: event.created,
    data: { object: renderSnapshot(event.snapshot, rendering) },
    livemode: false,
    pending_webhooks: rendering.reader.isPending(event.id) ? 1 : 0,
    request: { id: event.request?.id ?? null, idempotency_key: event.request?.idempotencyKey ?? null },
    type: event.type,
  };
}

function renderSnapshot(snapshot: Snapshot, rendering: Rendering): object {
  switch (snapshot.kind) {
    case 'sessions':
      return renderSession(snapshot.record, rendering);
    case 'intents':
      return renderIntent(snapshot.record);
    case 'charges':
      return renderCharge(snapshot.record);
    case 'refunds':
      return renderRefund(snapshot.record);
    case 'disputes':
      return renderDispute(snapshot.record);
  }
}

/** Any record as Stripe shows it. */
export function render<K extends Kind>(kind: K, record: Records[K], rendering: Rendering): object {
  return kind === 'events'
    ? renderEvent(record as EventRecord, rendering)
    : renderSnapshot({ kind, record } as Snapshot, rendering);
}
