import type { RecordedEvent } from '../domain/events.js';
import type { OrderId, PaymentId, RefundId } from '../domain/kernel/ids.js';
import type { Money } from '../domain/kernel/money.js';
import { paymentStream } from '../domain/kernel/streams.js';
import type { OrderCommand, OrderEvent } from '../domain/order/index.js';
import { hasGone, neverCounted, payment, type Payment, refundableOf } from '../domain/payment/index.js';
import type { ProcessManager } from './engine/process.js';
import { type CommandStep, toOrder, toPayment } from './engine/step.js';
import type { Outcome, Refused } from './engine/outcome.js';
import { orderAt, orderIdIn, paymentIdIn } from './orderLines.js';
import { orderIdOf } from './paymentState.js';
import { refundOfCapture, refundOfRest } from './refundNames.js';

/** What a refund rests on: the order's payments, the newest first, or the payment that tells how one ended. */
type State =
  | { readonly of: 'order'; readonly payments: readonly { readonly id: PaymentId; readonly state: Payment }[] }
  | { readonly of: 'payment'; readonly state: Payment; readonly newest?: Payment };

const WANTED: ReadonlySet<string> = new Set([
  'RefundDue',
  'RefundSucceeded',
  'RefundFailed',
  'RefundRejected',
  'ForeignRefundRecorded',
  'ForeignRefundFailed',
  'PaymentCaptured',
]);

/**
 * Refund: money that an order owes goes back from its payments, the newest first; and how each refund ended is told to the
 * order. Asking the provider is the payment consumer's part. What no payment can give back is noted as failed, so that
 * somebody sees it.
 */
export const refund: ProcessManager<State> = {
  name: 'refund',
  wants: (type) => WANTED.has(type),
  key: (event) => event.stream,
  load: async (event, folds, related) => {
    if (event.event.type !== 'RefundDue') {
      // most money comes as it was asked for, and nothing of it has gone before it is counted
      const { type, data } = event.event;
      if (type === 'PaymentCaptured' && data.accepted === undefined) return { of: 'payment', state: payment.initial };
      const state = await folds.at(payment, event.stream, event.revision);
      if (!isOfUncounted(event, state)) return { of: 'payment', state };
      return { of: 'payment', state, newest: await related.latest(payment, paymentStream(paymentIdIn(event))) };
    }
    const { applied } = await orderAt(event, folds);
    const ids = [...new Set(applied.map(({ paymentId }) => paymentId))].reverse();
    const states = ids.map(async (id) => ({ id, state: await related.latest(payment, paymentStream(id)) }));
    return { of: 'order', payments: await Promise.all(states) };
  },
  react: (recorded, state) => {
    const { event } = recorded;
    if (state.of === 'payment') return tellOrder(recorded, state.state, state.newest ?? state.state);
    if (event.type !== 'RefundDue') return [];
    const asked = requests(recorded, event, state.payments).map(({ step }) => step);
    return asked.length > 0 ? asked : notedFailures(recorded, event, state.payments, []);
  },
  settle: (recorded, state, outcomes) => {
    const { event } = recorded;
    if (state.of !== 'order' || event.type !== 'RefundDue') return [];
    return notedFailures(recorded, event, state.payments, outcomes);
  },
};

type RefundDue = Extract<OrderEvent, { type: 'RefundDue' }>;
interface Request {
  readonly paymentId: PaymentId;
  readonly refundId: RefundId;
  readonly amount: Money;
  readonly step: CommandStep;
}

/** Spreads what is due over the captures that can still give something back. */
function requests(
  { id, meta }: RecordedEvent,
  { data }: RefundDue,
  payments: Extract<State, { of: 'order' }>['payments'],
): readonly Request[] {
  const found: Request[] = [];
  let due = data.amount.amount;
  for (const { id: paymentId, state } of payments) {
    if (state.status === 'none') continue;
    // asked for before this reaction was cut off: what it takes is not there a second time
    const asked = new Map(state.refunds.map((one) => [one.refundId, one]));
    for (const { capture, left } of refundableOf(state)) {
      const refundId = refundOfCapture(id, paymentId, capture.intentId, state.captures.length === 1);
      const amount = asked.get(refundId)?.amount.amount ?? Math.min(due, left);
      if (amount <= 0) continue;
      due -= amount;
      const money = { ...data.amount, amount };
      found.push({
        paymentId,
        refundId,
        amount: money,
        step: toPayment(paymentId, `request ${capture.intentId}`, {
          type: 'RequestRefund',
          refundId,
          intentId: capture.intentId,
          amount: money,
          ...(amount < data.amount.amount ? { due: data.amount } : {}),
          reason: data.reason,
          approval: data.approval,
          requestedBy: meta.actor.id,
          requestedAt: meta.at,
          ...(data.lines === undefined ? {} : { lines: data.lines }),
          ...(data.note === undefined ? {} : { note: data.note }),
        }),
      });
    }
  }
  return found;
}

/** What could not be asked of any payment: nothing was left there, or others were faster. */
function notedFailures(
  recorded: RecordedEvent,
  due: RefundDue,
  payments: Extract<State, { of: 'order' }>['payments'],
  outcomes: readonly Outcome[],
): readonly CommandStep[] {
  if (
    outcomes.some((outcome) => outcome.result !== 'session' && 'kind' in outcome.step && outcome.step.kind === 'order')
  ) {
    return [];
  }
  const { data } = due;
  const asked = requests(recorded, due, payments);
  // of one payment a capture may say no and another one give the money
  const refused = outcomes.filter((outcome): outcome is Refused => outcome.result === 'refused');
  const failed = asked.filter(({ step: { stream, name } }) =>
    refused.some(({ step }) => step.stream === stream && step.name === name),
  );
  const told = failed.map(({ paymentId, refundId, amount }) => failure(recorded, data, paymentId, refundId, amount));
  const missing = data.amount.amount - asked.reduce((sum, { amount }) => sum + amount.amount, 0);
  const [first] = payments;
  if (missing <= 0 || first === undefined) return told;
  const rest = refundOfRest(recorded.id, first.id);
  return [...told, failure(recorded, data, first.id, rest, { ...data.amount, amount: missing })];
}

const failure = (
  recorded: RecordedEvent,
  { reason }: RefundDue['data'],
  paymentId: PaymentId,
  refundId: RefundId,
  amount: Money,
): CommandStep =>
  toOrder(orderIdIn(recorded), `failed ${refundId}`, {
    type: 'RecordRefund',
    paymentId,
    refundId,
    amount,
    outcome: 'failed',
    code: 'nothing-left',
    reason,
  });

/** Of money that counts nowhere the order knows nothing, nor of its refund; where somebody accepts it later it hears of both. */
function tellOrder(recorded: RecordedEvent, state: Payment, newest: Payment): readonly CommandStep[] {
  const orderId = orderIdOf(state) ?? capturedFor(state);
  if (orderId === undefined || isOfUncounted(recorded, newest)) return [];
  const { event } = recorded;
  if (event.type === 'PaymentCaptured') return goneBefore(recorded, orderId, event.data.intentId, state);
  const told = whatToTell(recorded, state);
  return told === undefined ? [] : [toOrder(orderId, 'refund', told)];
}

function isOfUncounted({ event }: RecordedEvent, state: Payment): boolean {
  if (state.status === 'none') return false;
  switch (event.type) {
    case 'RefundSucceeded':
    case 'RefundFailed':
    case 'RefundRejected': {
      const { refundId } = event.data;
      return neverCounted(state, state.refunds.find((one) => one.refundId === refundId)?.intentId);
    }
    case 'ForeignRefundRecorded':
    case 'ForeignRefundFailed': {
      const { providerRefundId } = event.data;
      const its = state.foreignRefunds.find((one) => one.providerRefundId === providerRefundId);
      return neverCounted(state, its?.intentId);
    }
    default:
      return false;
  }
}

/** What had been given back at the provider of money that counts from now on. */
const goneBefore = (
  recorded: RecordedEvent,
  orderId: OrderId,
  intentId: string,
  state: Payment,
): readonly CommandStep[] =>
  (state.status === 'none' ? [] : state.foreignRefunds)
    .filter((one) => one.intentId === intentId && hasGone(one))
    .map(({ providerRefundId: refundId, amount }) =>
      toOrder(orderId, `refund ${refundId}`, {
        type: 'RecordRefund',
        paymentId: paymentIdIn(recorded),
        refundId,
        amount,
        outcome: 'succeeded',
        foreign: true,
      }),
    );

const capturedFor = (state: Payment): OrderId | undefined =>
  state.status === 'none' ? undefined : state.captures[0]?.orderId;

function whatToTell(recorded: RecordedEvent, state: Payment): OrderCommand | undefined {
  const { event } = recorded;
  const paymentId = paymentIdIn(recorded);
  const known = (refundId: RefundId) =>
    state.status === 'none' ? undefined : state.refunds.find((one) => one.refundId === refundId);
  switch (event.type) {
    case 'RefundSucceeded':
      return { type: 'RecordRefund', paymentId, ...event.data, outcome: 'succeeded' };
    case 'RefundFailed':
    case 'RefundRejected': {
      const { refundId } = event.data;
      const wish = known(refundId);
      if (wish === undefined) return undefined;
      const code = event.type === 'RefundFailed' ? event.data.code : 'rejected';
      const { amount, reason } = wish;
      return { type: 'RecordRefund', paymentId, refundId, amount, outcome: 'failed', code, reason };
    }
    case 'ForeignRefundRecorded': {
      const { providerRefundId: refundId, amount } = event.data;
      return { type: 'RecordRefund', paymentId, refundId, amount, outcome: 'succeeded', foreign: true };
    }
    case 'ForeignRefundFailed': {
      const { providerRefundId: refundId, amount, code } = event.data;
      return { type: 'RecordRefund', paymentId, refundId, amount, outcome: 'failed', code, foreign: true };
    }
    default:
      return undefined;
  }
}
