import { mismatchTaskIdOf, taskIdOf } from '../commands/identity.js';
import type { RecordedEvent } from '../domain/events.js';
import type { TaskId } from '../domain/kernel/ids.js';
import type { Money } from '../domain/kernel/money.js';
import { type ExistingPayment, neverCounted, otherMoneyOf, type Payment } from '../domain/payment/index.js';
import { type CommandStep, toTask } from './engine/step.js';
import { paymentIdIn } from './orderLines.js';
import { orderIdOf } from './paymentState.js';

/** Events by which another amount than was asked for comes, or by which it is decided what becomes of it. */
export const ABOUT_MISMATCHES: ReadonlySet<string> = new Set([
  'ProviderMismatchDetected',
  'PaymentCaptured',
  'PaymentAuthorized',
  'RefundRequested',
  'ForeignRefundRecorded',
  'VoidRequested',
  'PaymentVoided',
  'PaymentFailed',
]);

/** The task of another amount that was paid: opened when it comes, closed when it counts, goes back, or has gone. */
export function mismatchTasks(recorded: RecordedEvent, state: Payment | undefined): readonly CommandStep[] {
  if (state === undefined || state.status === 'none') return [];
  const { event, meta } = recorded;
  const paymentId = paymentIdIn(recorded);
  switch (event.type) {
    case 'ProviderMismatchDetected': {
      const { expected, actual, intentId } = event.data;
      const taskId = mismatchTaskIdOf(paymentId, intentId, actual);
      const orderId = orderIdOf(state);
      const task = {
        taskId,
        kind: 'mismatch',
        about: { paymentId, ...(orderId === undefined ? {} : { orderId }) },
        text: `${shown(actual)} was paid by ${intentId} where ${shown(expected)} was asked for: it confirms nothing`,
        openedAt: meta.at,
      } as const;
      return [toTask(taskId, 'open', { type: 'OpenTask', task })];
    }
    case 'PaymentCaptured':
    case 'PaymentAuthorized':
      return event.data.accepted === undefined ? [] : closed(recorded, state, event.data.intentId);
    case 'RefundRequested':
      return neverCounted(state, event.data.intentId) ? closed(recorded, state, event.data.intentId) : [];
    case 'ForeignRefundRecorded':
    case 'VoidRequested':
    case 'PaymentVoided':
    case 'PaymentFailed':
      return otherMoneyOf(state)
        .filter(({ state: fate, left, held }) => fate === 'gone' || (fate === 'goes_back' && (held || left === 0)))
        .flatMap(({ intentId }) => closed(recorded, state, intentId));
    default:
      return [];
  }
}

/** Nobody has to decide on it any more, nor to see to it that it goes back after all. */
function closed(recorded: RecordedEvent, payment: ExistingPayment, intentId: string): readonly CommandStep[] {
  const paymentId = paymentIdIn(recorded);
  const close = (taskId: TaskId, what: string): CommandStep =>
    toTask(taskId, `close ${what}`, { type: 'CompleteTask', by: 'system', at: recorded.meta.at });
  const its = <One extends { readonly intentId?: string }>(all: readonly One[]): readonly One[] =>
    all.filter((one) => one.intentId === intentId);
  return [
    ...its(payment.mismatches).map(({ actual }) =>
      close(mismatchTaskIdOf(paymentId, intentId, actual), `${actual.amount} ${actual.currency}`),
    ),
    ...its(payment.refunds)
      .filter(({ state }) => state === 'failed')
      .map(({ refundId }) => close(taskIdOf('refund_failed', refundId), refundId)),
    ...its(payment.foreignRefunds)
      .filter(({ code }) => code !== undefined)
      .map(({ providerRefundId }) => close(taskIdOf('refund_failed', providerRefundId), providerRefundId)),
  ];
}

const shown = ({ amount, currency }: Money): string => `${amount} minor units of ${currency}`;
