import type { RecordedEvent } from '../../../src/domain/events.js';
import { type Check, checkEach, repeated } from './check.js';
import type { History } from './history.js';
import type { Ledger, Session } from './ledger.js';

interface Capture {
  readonly intentId: string;
  readonly amount: number;
  readonly currency: string;
}

const capturesOf = (events: readonly RecordedEvent[]): readonly Capture[] =>
  events.flatMap(({ event }) =>
    event.type === 'PaymentCaptured'
      ? [{ intentId: event.data.intentId, amount: event.data.amount.amount, currency: event.data.amount.currency }]
      : [],
  );

const DEAD: ReadonlySet<string> = new Set(['rejected', 'expired', 'cancelled']);

/** The provider's books and ours say the same, and nothing was done twice at the provider. */
export function checkMoney(history: History, ledger: Ledger, sessions: readonly Session[]): readonly Check[] {
  const captures = capturesOf(history.events);
  const taken = ledger.charges.filter(({ status }) => status === 'succeeded');
  const takenByIntent = new Map(taken.map((charge) => [charge.paymentIntent, charge]));
  const captured = new Map(captures.map((capture) => [capture.intentId, capture]));
  const paidBack = history.events.flatMap(({ event }) => (event.type === 'RefundSucceeded' ? [event.data.amount] : []));
  const requested: ReadonlySet<string> = new Set(
    history.events.flatMap(({ event }) => (event.type === 'RefundRequested' ? [event.data.refundId] : [])),
  );
  const paymentIds = sessions.map(({ metadata }) => metadata['paymentId'] ?? '');
  return [
    {
      name: 'one capture an intent, one charge an intent',
      looked: captures.length,
      differences: [
        ...[...repeated(captures.map(({ intentId }) => intentId))].map(([id, n]) => `${id} was captured ${n} times`),
        ...[...repeated(taken.map(({ paymentIntent }) => paymentIntent))].map(
          ([id, n]) => `${id} was charged ${n} times`,
        ),
      ],
    },
    checkEach('one session a payment at the provider', new Set(paymentIds), (paymentId) => {
      const count = repeated(paymentIds).get(paymentId);
      return count === undefined ? undefined : `${paymentId} has ${count} sessions`;
    }),
    checkEach('one successful charge an order at the provider', takenByIntent.values(), ({ metadata }) => {
      const orderId = metadata['orderId'] ?? '';
      const charges = taken.filter((charge) => charge.metadata['orderId'] === orderId);
      return charges.length > 1 ? `${orderId} was charged ${charges.length} times` : undefined;
    }),
    checkEach('what the provider took we have captured', taken, ({ paymentIntent, amount, metadata }) => {
      const ours = captured.get(paymentIntent);
      return ours?.amount === amount
        ? undefined
        : `${metadata['orderId']}: the provider took ${amount}, we captured ${ours?.amount ?? 'nothing'} (${paymentIntent})`;
    }),
    checkEach('what we captured the provider has taken', captures, ({ intentId, amount }) =>
      takenByIntent.get(intentId)?.amount === amount ? undefined : `${intentId}: we captured ${amount}`,
    ),
    checkEach('every refund at the provider is one that we asked for, once', ledger.refunds, ({ id, metadata }) => {
      const refundId = metadata['refundId'] ?? '';
      const alike = ledger.refunds.filter((refund) => refund.metadata['refundId'] === refundId);
      if (alike.length > 1) return `${refundId} was carried out ${alike.length} times`;
      return requested.has(refundId) ? undefined : `${id} belongs to no refund of ours`;
    }),
    checkEach('what a dead order was paid has gone back', history.orders, ([stream, { state }]) => {
      const owed = DEAD.has(state.status) ? state.captured.amount : 0;
      return state.refunded.amount === owed ? undefined : `${stream}: ${owed} to go back, ${state.refunded.amount} did`;
    }),
    checkEach(
      'the balance at the provider is what we captured less what we paid back',
      Object.entries(ledger.currencies),
      ([currency, { balance }]) => {
        const sum = captures
          .filter((capture) => capture.currency.toLowerCase() === currency)
          .reduce((total, { amount }) => total + amount, 0);
        const back = paidBack
          .filter((amount) => amount.currency.toLowerCase() === currency)
          .reduce((total, { amount }) => total + amount, 0);
        return sum - back === balance
          ? undefined
          : `${currency}: ${sum} captured, ${back} back, the provider has ${balance}`;
      },
    ),
  ];
}
