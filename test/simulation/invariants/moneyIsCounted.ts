import { mismatchTaskIdOf, taskIdOf } from '../../../src/commands/identity.js';
import type { Money } from '../../../src/domain/kernel/money.js';
import { orderStream, taskStream } from '../../../src/domain/kernel/streams.js';
import { type ExistingOrder, isDead } from '../../../src/domain/order/index.js';
import { owedFor } from '../../../src/domain/order/sums.js';
import { type ExistingPayment, hasGone, neverCounted, waitingMoney } from '../../../src/domain/payment/index.js';
import type { Installation } from '../world/installation.js';
import type { Histories } from './histories.js';
import type { Invariant } from './invariant.js';
import { Violation } from './violation.js';

/**
 * At rest every capture and refund is counted on its order, once, and what it took beyond what was delivered has gone back; or it
 * failed to, and the staff has a task for it. What came as another amount than was asked for and nobody accepted has gone back, too,
 * or somebody is asked to decide on it, as its order goes on.
 */
export function moneyIsCounted(): Invariant {
  const name = 'money that was taken is counted on its order, or has gone back';
  const check = (stream: string, order: ExistingOrder, payments: readonly ExistingPayment[], failed: number): void => {
    const taken = sumOf(payments.flatMap(({ captures }) => captures));
    if (order.captured.amount !== taken)
      throw new Violation(name, `${stream} counts ${order.captured.amount}, its payments captured ${taken}`);
    const byUs = sumOf(
      payments.flatMap((its) =>
        its.refunds.filter(({ state, intentId }) => state === 'succeeded' && !neverCounted(its, intentId)),
      ),
    );
    const byHand = sumOf(
      payments.flatMap((its) => its.foreignRefunds.filter((one) => hasGone(one) && !neverCounted(its, one.intentId))),
    );
    const gone = byUs + byHand;
    const accepted = new Set(order.acceptedMoney?.map(({ intentId }) => intentId));
    const left = payments.flatMap((its) =>
      waitingMoney(its).filter(
        ({ intentId }) => isDead(order) || (accepted.has(intentId) && !wasGivenBack(its, intentId)),
      ),
    );
    if (left[0])
      throw new Violation(
        name,
        `${stream} is ${order.status}, and ${left[0].actual.amount} of ${left[0].intentId} are nowhere`,
      );
    const { refunded, refundDue } = order;
    if (refunded.amount !== gone)
      throw new Violation(name, `${stream} counts ${refunded.amount} refunded, its payments gave back ${gone}`);
    if (refundDue.amount !== gone)
      throw new Violation(name, `${stream} owes back ${refundDue.amount} and gave back ${gone}`);
    // of an order that was carried out only what was delivered is kept, and what the staff has still to give back
    const kept = order.status === 'completed' ? owedFor(order).amount : 0;
    if (taken - gone > kept + failed)
      throw new Violation(
        name,
        `${stream} is ${order.status}, took ${taken}, gave back ${gone} and failed to with ${failed}, may keep ${kept}`,
      );
  };
  return {
    name,
    atRest: ({ histories }: Installation) => {
      const paymentsOf = new Map<string, ExistingPayment[]>();
      for (const [stream, payment] of histories.newest('payment')) {
        if (payment.status === 'none') continue;
        const orderId = payment.opening?.orderId ?? payment.captures[0]?.orderId;
        if (orderId === undefined) continue;
        const its = paymentsOf.get(orderStream(orderId)) ?? [];
        paymentsOf.set(orderStream(orderId), [...its, payment]);
        for (const id of failedOf(payment)) {
          if (!hasTask(histories, id))
            throw new Violation(name, `${id} of ${stream} failed, and nobody has a task for it`);
        }
        for (const { intentId, actual } of waitingMoney(payment)) {
          const its = histories.newestOf('order', orderStream(orderId));
          const isUnasked = its && its.status !== 'none' && its.wasConfirmed && !wasGivenBack(payment, intentId);
          if (isUnasked && !isAsked(histories, payment, intentId, actual))
            throw new Violation(name, `${stream}: nobody is asked to decide on ${actual.amount} of ${intentId}`);
        }
      }
      for (const [stream, order] of histories.newest('order')) {
        if (order.status === 'none') continue;
        check(stream, order, paymentsOf.get(stream) ?? [], failedBy(stream, histories));
      }
    },
  };
}

/** By hand, which had failed by the time it was accepted, or fails afterwards: somebody has a task for it. */
const wasGivenBack = ({ foreignRefunds }: ExistingPayment, intentId: string): boolean =>
  foreignRefunds.some((one) => one.intentId === intentId);

const sumOf = (facts: readonly { readonly amount: { readonly amount: number } }[]): number =>
  facts.reduce((sum, { amount }) => sum + amount.amount, 0);

const failedOf = ({ refunds, foreignRefunds }: ExistingPayment): readonly string[] => [
  ...refunds.filter(({ state }) => state === 'failed').map(({ refundId }) => refundId),
  ...foreignRefunds.filter((one) => !hasGone(one)).map(({ providerRefundId }) => providerRefundId),
];

const hasTask = (histories: Histories, id: string): boolean =>
  (histories.newestOf('task', taskStream(taskIdOf('refund_failed', id)))?.status ?? 'none') !== 'none';

const isAsked = (histories: Histories, { opening }: ExistingPayment, intentId: string, actual: Money): boolean =>
  opening !== undefined &&
  histories.newestOf('task', taskStream(mismatchTaskIdOf(opening.paymentId, intentId, actual)))?.status === 'open';

/** What an order was told that it failed to give back, and the staff has a task for. */
function failedBy(stream: string, histories: Histories): number {
  let sum = 0;
  for (const { event, stream: its } of histories.events) {
    if (its !== stream || event.type !== 'RefundFailedNoted') continue;
    if (hasTask(histories, event.data.refundId)) sum += event.data.amount.amount;
  }
  return sum;
}
