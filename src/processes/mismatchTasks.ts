import { taskIdOf } from '../commands/identity.js';
import type { RecordedEvent } from '../domain/events.js';
import type { PaymentId, TaskId } from '../domain/kernel/ids.js';
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
]);

/** The task of another amount that was paid: opened when it comes, closed when it counts, goes back, or has gone. */
export function mismatchTasks(recorded: RecordedEvent, state: Payment | undefined): readonly CommandStep[] {
  if (state === undefined || state.status === 'none') return [];
  const { event, meta } = recorded;
  const paymentId = paymentIdIn(recorded);
  switch (event.type) {
    case 'ProviderMismatchDetected': {
      const { expected, actual, intentId } = event.data;
      const taskId = taskOf(paymentId, intentId, actual);
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
      return event.data.accepted === undefined ? [] : closed(recorded, paymentId, state, event.data.intentId);
    case 'RefundRequested':
      return neverCounted(state, event.data.intentId) ? closed(recorded, paymentId, state, event.data.intentId) : [];
    case 'ForeignRefundRecorded': {
      const found = otherMoneyOf(state).find(({ intentId }) => intentId === event.data.intentId);
      return found?.state === 'gone' ? closed(recorded, paymentId, state, found.intentId) : [];
    }
    default:
      return [];
  }
}

const taskOf = (paymentId: PaymentId, intentId: string, { amount, currency }: Money): TaskId =>
  taskIdOf('mismatch', paymentId, intentId, amount, currency);

const closed = (
  { meta }: RecordedEvent,
  paymentId: PaymentId,
  { mismatches }: ExistingPayment,
  intentId: string,
): readonly CommandStep[] =>
  mismatches
    .filter((one) => one.intentId === intentId)
    .map(({ actual }) =>
      toTask(taskOf(paymentId, intentId, actual), `close ${actual.amount} ${actual.currency}`, {
        type: 'CompleteTask',
        by: 'system',
        at: meta.at,
      }),
    );

const shown = ({ amount, currency }: Money): string => `${amount} minor units of ${currency}`;
