import { assertChargeable, currencyOf } from './amounts.js';
import { type Context, emit } from './emit.js';
import { StripeApiError, invalidRequest, noSuch } from './errors.js';
import type { Form } from './form.js';
import { newId } from './ids.js';
import type { LineRecord, Metadata, SessionRecord } from './records.js';
import type { Reader } from './store.js';

const MIN_LIFE_SECONDS = 30 * 60;
const MAX_LIFE_SECONDS = 24 * 60 * 60;
const MAX_LINES = 100;
const MAX_REFERENCE = 200;

/** `POST /v1/checkout/sessions`, for one-time payments with prices given in the request. */
export function createSession(form: Form, context: Context): SessionRecord {
  const { tx, now } = context;
  if ((form.oneOf('mode', ['payment']) ?? 'payment') !== 'payment') throw invalidRequest('Invalid mode');
  const { currency, lines } = readLines(form);
  const amount = lines.reduce((total, line) => total + line.unitAmount * line.quantity, 0);
  assertChargeable(amount, currency);

  const successUrl = form.url('success_url');
  if (successUrl === undefined) {
    throw invalidRequest('Missing required param: success_url.', { code: 'parameter_missing', param: 'success_url' });
  }
  const cancelUrl = form.url('cancel_url');
  const clientReferenceId = form.text('client_reference_id', MAX_REFERENCE);
  const customerEmail = form.text('customer_email');
  const intent = readIntentData(form);
  const session: SessionRecord = {
    id: newId('cs_test'),
    seq: tx.nextSeq(),
    created: now,
    status: 'open',
    paymentStatus: amount === 0 ? 'no_payment_required' : 'unpaid',
    expiresAt: readExpiry(form, now),
    currency,
    amount,
    lines,
    successUrl,
    metadata: form.metadata(),
    intentMetadata: intent.metadata,
    ...(intent.description === undefined ? {} : { intentDescription: intent.description }),
    ...(intent.manual ? { captureMethod: 'manual' } : {}),
    ...(cancelUrl === undefined ? {} : { cancelUrl }),
    ...(clientReferenceId === undefined ? {} : { clientReferenceId }),
    ...(customerEmail === undefined ? {} : { customerEmail }),
  };
  ignoreLooks(form);
  tx.put('sessions', session);
  return session;
}

/** `POST /v1/checkout/sessions/{id}/expire`: only an open session can be closed by the merchant. */
export function expireSession(id: string, context: Context): SessionRecord {
  const session = sessionOf(context.tx, id);
  if (session.status !== 'open') {
    throw new StripeApiError(
      400,
      {
        type: 'invalid_request_error',
        message: `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.status}\`.`,
      },
      { remembered: true },
    );
  }
  return closeSession(session, context);
}

/** Closes an open session, whether asked to or because its time is up; its intent, if the payer has tried, is cancelled. */
export function closeSession(session: SessionRecord, context: Context): SessionRecord {
  const { tx, now } = context;
  const closed: SessionRecord = { ...session, status: 'expired' };
  tx.put('sessions', closed);
  const intent = session.intentId === undefined ? undefined : tx.get('intents', session.intentId);
  if (intent) tx.put('intents', { ...intent, status: 'canceled', canceledAt: now });
  emit(context, 'checkout.session.expired', { kind: 'sessions', record: closed });
  return closed;
}

/** The session with that id; throws Stripe's 404. */
export function sessionOf(reader: Reader, id: string): SessionRecord {
  const session = reader.get('sessions', id);
  if (!session) throw noSuch('checkout.session', id, 'session');
  return session;
}

function readLines(form: Form): { currency: string; lines: readonly LineRecord[] } {
  const items = form.forms('line_items');
  if (items.length === 0) {
    throw invalidRequest('Missing required param: line_items.', { code: 'parameter_missing', param: 'line_items' });
  }
  if (items.length > MAX_LINES) {
    throw invalidRequest(`You can have at most ${MAX_LINES} line items`, { param: 'line_items' });
  }
  let currency: string | undefined;
  const lines = items.map((item): LineRecord => {
    const price = item.requiredForm('price_data');
    const product = price.requiredForm('product_data');
    const code = currencyOf(price.requiredText('currency'), price.at('currency'));
    if (code !== (currency ??= code)) {
      throw invalidRequest('All line items must have the same currency', { param: price.at('currency') });
    }
    const description = product.text('description');
    product.metadata();
    product.texts('images');
    return {
      id: newId('li'),
      name: product.requiredText('name'),
      unitAmount: atLeast(0, price.requiredInteger('unit_amount'), price.at('unit_amount')),
      quantity: atLeast(1, item.requiredInteger('quantity'), item.at('quantity')),
      ...(description === undefined ? {} : { description }),
    };
  });
  return { currency: currency ?? '', lines };
}

function atLeast(minimum: number, value: number, param: string): number {
  if (value < minimum) {
    throw invalidRequest(`This value must be greater than or equal to ${minimum}.`, {
      code: 'parameter_invalid_integer',
      param,
    });
  }
  return value;
}

function readIntentData(form: Form): { metadata: Metadata; description: string | undefined; manual: boolean } {
  const data = form.form('payment_intent_data');
  const manual = data?.oneOf('capture_method', ['automatic', 'automatic_async', 'manual']) === 'manual';
  return { metadata: data?.metadata() ?? {}, description: data?.text('description'), manual };
}

function readExpiry(form: Form, now: number): number {
  const expiresAt = form.integer('expires_at') ?? now + MAX_LIFE_SECONDS;
  const wrong = (bound: string) =>
    invalidRequest(`The \`expires_at\` timestamp must be ${bound} from Checkout Session creation.`, {
      param: 'expires_at',
    });
  if (expiresAt < now + MIN_LIFE_SECONDS) throw wrong('at least 30 minutes');
  if (expiresAt > now + MAX_LIFE_SECONDS) throw wrong('less than 24 hours');
  return expiresAt;
}

/** Parameters that change how Stripe's page looks and nothing else. */
function ignoreLooks(form: Form): void {
  form.text('locale');
  form.text('submit_type');
  form.texts('payment_method_types');
}
