import { additionalPayment } from '../commands/order/requestPayment.js';
import { givenBack } from '../commands/payment/decideMismatch.js';
import type { RecordedEvent } from '../domain/events.js';
import type { PaymentId } from '../domain/kernel/ids.js';
import { equals, type Money } from '../domain/kernel/money.js';
import { paymentStream } from '../domain/kernel/streams.js';
import { type ExistingOrder, isDead, type Order, type OrderEvent, paymentsOf } from '../domain/order/index.js';
import { type OtherMoney, payment, type Payment, type PaymentEvent, waitingMoney } from '../domain/payment/index.js';
import { commandOutcome, type Outcome } from './engine/outcome.js';
import type { Related } from './engine/related.js';
import { type CommandStep, type Step, toOrder, toPayment } from './engine/step.js';
import { orderIdOf } from './paymentState.js';
import { addMinutes } from './time.js';

/** After these an order takes no money any more, so that nobody will decide on what came as another amount. */
export const ENDS_OF_ORDERS = ['OrderRejected', 'OrderCancelled', 'OrderExpired'] as const;

/** What came by a payment as another amount than was asked for, and waits for somebody to decide. */
export type Waiting = OtherMoney & { readonly paymentId: PaymentId };

/** All of that of an order, as its payments stand by now. */
export async function waitingOf(its: ExistingOrder, related: Related): Promise<readonly Waiting[]> {
  const waiting = paymentsOf(its).map(async (paymentId) =>
    waitingIn(paymentId, await related.latest(payment, paymentStream(paymentId))),
  );
  return (await Promise.all(waiting)).flat();
}

export const waitingIn = (paymentId: PaymentId, state: Payment): readonly Waiting[] =>
  state.status === 'none' ? [] : waitingMoney(state).map((money) => ({ ...money, paymentId }));

/**
 * Another amount than was asked for confirms nothing: the order is held until somebody has decided. The same where it had gone back
 * by hand, and is here again.
 */
export function whereItCame(
  { event, meta }: RecordedEvent,
  paid: Payment,
  its: Order | undefined,
  waiting: readonly Waiting[],
  decisionMinutes: number,
): readonly Step[] {
  const orderId = orderIdOf(paid);
  const came =
    event.type === 'ProviderMismatchDetected' ? isUndecided(event, its, waiting) : isHereAgain(event, paid, waiting);
  if (came === undefined || orderId === undefined) return [];
  const decideBy = addMinutes(meta.at, decisionMinutes);
  const hold = toOrder(orderId, HOLD, holdFor(came.expected, came.actual, decideBy));
  if (its === undefined || its.status === 'none' || !its.wasConfirmed) return [hold];
  // one that goes on without that money is not held: somebody decides on the payment, and nobody is sent to its page any more
  const { paymentId } = came;
  return its.link?.paymentId === paymentId && !isDead(its)
    ? [hold, toOrder(orderId, 'link-used', { type: 'DetachPaymentLink', paymentId })]
    : [hold];
}

const HOLD = 'mismatch';

/** An order that is over takes no money: it goes back. */
export function whereNobodyWaits(
  recorded: RecordedEvent,
  its: Order,
  waiting: readonly Waiting[],
  outcomes: readonly Outcome[],
): readonly Step[] {
  const isRefused = commandOutcome(outcomes, HOLD)?.result === 'refused';
  if (!isRefused || its.status === 'none' || !isDead(its) || outcomes.length > 1) return [];
  return waiting.map((money) => goesBack(recorded, money));
}

/** Heard of late, it may have been decided on already, together with what the order was held for. */
function isUndecided(
  { data: { intentId } }: Extract<PaymentEvent, { type: 'ProviderMismatchDetected' }>,
  its: Order | undefined,
  waiting: readonly Waiting[],
): Waiting | undefined {
  const found = waiting.find((one) => one.intentId === intentId);
  const accepted = its === undefined || its.status === 'none' || isDead(its) ? [] : (its.acceptedMoney ?? []);
  return found && isAmong(found, accepted) ? undefined : found;
}

function isHereAgain(event: RecordedEvent['event'], paid: Payment, waiting: readonly Waiting[]): Waiting | undefined {
  if (event.type !== 'ForeignRefundFailed' || paid.status === 'none') return undefined;
  const { providerRefundId } = event.data;
  const its = paid.foreignRefunds.find((one) => one.providerRefundId === providerRefundId);
  return waiting.find(({ intentId }) => intentId === its?.intentId);
}

/**
 * An order that was held goes on: its payments count what was accepted by that. What came as another amount and was not part of
 * the decision, since it came later or the order was held for something else, is decided on next.
 */
export function whereItGoesOn(
  recorded: RecordedEvent,
  { money = [], decision, reason }: Resolved,
  its: ExistingOrder,
  waiting: readonly Waiting[],
  decisionMinutes: number,
): readonly Step[] {
  if (decision === 'reject') return [];
  const { meta } = recorded;
  const counted = money.map(({ paymentId, intentId, amount }) =>
    toPayment(paymentId, nameOf(intentId), {
      type: 'AcceptMismatch',
      intentId,
      amount,
      by: meta.actor.id,
      ...(reason === undefined ? {} : { reason }),
    }),
  );
  const next = waiting.find((one) => !isAmong(one, money));
  if (next === undefined || its.status !== 'awaiting_payment') return counted;
  const decideBy = addMinutes(meta.at, decisionMinutes);
  return [...counted, toOrder(its.details.orderId, HOLD, holdFor(next.expected, next.actual, decideBy))];
}

type Resolved = Extract<OrderEvent, { type: 'OrderHoldResolved' }>['data'];

/** Whether it was decided on as it stands now: nobody decided on what became another amount since. */
const isAmong = ({ paymentId, intentId, actual }: Waiting, money: NonNullable<Resolved['money']>): boolean =>
  money.some((one) => one.paymentId === paymentId && one.intentId === intentId && equals(one.amount, actual));

const nameOf = (intentId: string): string => `accept ${intentId}`;

/** What was accepted and had gone back meanwhile pays for nothing: where the order waits for that payment, it asks for another one. */
export function askInsteadOfRefused(
  { meta: { at } }: RecordedEvent,
  { money = [] }: Resolved,
  its: ExistingOrder,
  outcomes: readonly Outcome[],
): readonly Step[] {
  const { awaited, details } = its;
  const isRefused = money.some(
    ({ paymentId, intentId }) =>
      paymentId === awaited?.paymentId && commandOutcome(outcomes, nameOf(intentId))?.result === 'refused',
  );
  if (!isRefused || awaited === undefined || commandOutcome(outcomes, 'ask-instead')) return [];
  const { orderId } = details;
  const insteadOf = awaited.paymentId;
  return [
    toOrder(orderId, 'ask-instead', { type: 'RequestPayment', ...additionalPayment(orderId, its, at), at, insteadOf }),
  ];
}

/** What came goes back, once, whoever finds that the order is over. */
export function goesBack({ meta }: RecordedEvent, { paymentId, ...money }: Waiting): CommandStep {
  const name = `${money.held ? 'let go' : 'give back'} ${money.intentId}`;
  const why = money.held ? { reason: 'the order is over' } : {};
  return toPayment(paymentId, name, givenBack(paymentId, money, { by: meta.actor.id, at: meta.at, ...why }));
}

/** Somebody gave back a part of it in the same moment: what is left is looked at again. */
export const lookAgain = (outcomes: readonly Outcome[]): readonly Step[] =>
  outcomes.some(
    (outcome) =>
      outcome.result === 'refused' &&
      outcome.step.kind === 'payment' &&
      outcome.rejection._tag === 'RefundExceedsCaptured',
  )
    ? [{ kind: 'later', reason: 'less of what is to go back is there than a moment ago' }]
    : [];

const holdFor = (expected: Money, actual: Money, decideBy: string) =>
  ({
    type: 'HoldOrder',
    kind: 'mismatch',
    detail: `${shown(actual)} was paid where ${shown(expected)} was asked for`,
    decideBy,
  }) as const;

const shown = ({ amount, currency }: Money): string => `${amount} minor units of ${currency}`;
