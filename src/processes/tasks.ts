import { taskIdOf } from '../commands/identity.js';
import type { RecordedEvent } from '../domain/events.js';
import { type OrderId, type PaymentId, RefundIdCodec, type TaskId } from '../domain/kernel/ids.js';
import type { Money } from '../domain/kernel/money.js';
import { order, type Order } from '../domain/order/index.js';
import { payment, type Payment } from '../domain/payment/index.js';
import { representStock, stock, type StockView } from '../domain/stock/index.js';
import type { TaskKind, TaskSubject } from '../domain/task/index.js';
import { nothingMore, type ProcessManager } from './engine/process.js';
import { type CommandStep, toTask } from './engine/step.js';
import { ABOUT_MISMATCHES, mismatchTasks } from './mismatchTasks.js';
import { orderIdIn, paymentIdIn } from './orderLines.js';
import { orderIdOf } from './paymentState.js';
import { ABOUT_SHIPPING, shipTasks } from './shipTasks.js';

/** What a task rests on, by what the event is about. */
interface State {
  /** As it stood just before the event: an order that is held no more was held by then. */
  readonly before?: Order;
  /** As it stood just after the event. */
  readonly after?: Order;
  readonly payment?: Payment;
  readonly stock?: StockView | undefined;
}

const OF_PAYMENT: ReadonlySet<string> = new Set([
  'CheckoutSessionFailed',
  'PaymentClosed',
  'RefundRequested',
  'RefundApproved',
  'RefundRejected',
  'RefundFailed',
  'ForeignRefundFailed',
  'DisputeOpened',
  'DisputeClosed',
  'PaymentVoided',
]);
const ABOUT_PAYMENTS: ReadonlySet<string> = new Set([...OF_PAYMENT, ...ABOUT_MISMATCHES]);
const ENDS_A_HOLD: ReadonlySet<string> = new Set([
  'OrderHoldResolved',
  'OrderRejected',
  'OrderCancelled',
  // a kitchen may finish what somebody holds
  'OrderFulfilled',
]);
const OTHERS: ReadonlySet<string> = new Set(['OrderHeld', 'RefundFailedNoted', 'StockShortfallDetected']);

/** Tasks: whatever waits for a decision of the staff, or cannot be put right by itself, is opened as a task, once; what settles itself is closed. */
export const tasks: ProcessManager<State> = {
  name: 'tasks',
  wants: (type) => ABOUT_PAYMENTS.has(type) || ENDS_A_HOLD.has(type) || ABOUT_SHIPPING.has(type) || OTHERS.has(type),
  key: (event) => event.stream,
  load: async ({ event, stream, revision }, folds) => {
    if (event.type === 'PaymentVoided') return { payment: await folds.at(payment, stream, revision - 1) };
    // most money comes as it was asked for
    if (event.type === 'PaymentCaptured' && event.data.accepted === undefined) return {};
    if (ABOUT_PAYMENTS.has(event.type)) return { payment: await folds.at(payment, stream, revision) };
    if (event.type === 'StockShortfallDetected') {
      return { stock: representStock(await folds.at(stock, stream, revision), revision) };
    }
    return {
      ...(ENDS_A_HOLD.has(event.type) && revision > 0 ? { before: await folds.at(order, stream, revision - 1) } : {}),
      ...(ABOUT_SHIPPING.has(event.type) ? { after: await folds.at(order, stream, revision) } : {}),
    };
  },
  react: (recorded, state) => {
    if (ABOUT_PAYMENTS.has(recorded.event.type)) {
      return [...ofPayment(recorded, state.payment), ...mismatchTasks(recorded, state.payment)];
    }
    if (recorded.event.type === 'StockShortfallDetected') return shortfall(recorded, state.stock);
    return [...ofOrder(recorded, state), ...(state.after ? shipTasks(recorded, state.after) : [])];
  },
  settle: nothingMore,
};

function ofOrder(recorded: RecordedEvent, { before }: State): readonly CommandStep[] {
  const { event } = recorded;
  const orderId = orderIdIn(recorded);
  switch (event.type) {
    case 'OrderHeld': {
      const { kind, detail, decideBy } = event.data;
      return [
        open(recorded, holdTask(orderId, kind, decideBy), {
          kind: 'hold',
          about: { orderId },
          text: `the order is held: ${detail}`,
          dueAt: decideBy,
        }),
      ];
    }
    case 'OrderHoldResolved':
    case 'OrderRejected':
    case 'OrderCancelled':
    case 'OrderFulfilled':
      return before?.status === 'on_hold'
        ? [close(recorded, holdTask(orderId, before.hold.kind, before.hold.decideBy))]
        : [];
    case 'RefundFailedNoted': {
      const { code, paymentId, refundId, amount } = event.data;
      // what a payment says of its own refunds it says itself
      if (code !== 'nothing-left' || !RefundIdCodec.is(refundId)) return [];
      return [
        open(recorded, taskIdOf('refund_failed', refundId), {
          kind: 'refund_failed',
          about: { orderId, paymentId, refundId },
          text: `${shown(amount)} are due back and no payment can give them`,
        }),
      ];
    }
    default:
      return [];
  }
}

const holdTask = (orderId: OrderId, kind: string, decideBy: string): TaskId =>
  taskIdOf('hold', orderId, kind, decideBy);

function ofPayment(recorded: RecordedEvent, state: Payment | undefined): readonly CommandStep[] {
  const { event } = recorded;
  const paymentId = paymentIdIn(recorded);
  const about = subjectOf(paymentId, state);
  switch (event.type) {
    case 'CheckoutSessionFailed': {
      const { code, text } = event.data;
      return [
        open(recorded, taskIdOf('no_payment_page', paymentId), {
          kind: 'no_payment_page',
          about,
          text: `the provider makes no page to pay at: ${code}: ${text}`.slice(0, LONGEST_TEXT),
        }),
      ];
    }
    case 'PaymentClosed':
      return state?.status !== 'none' && state?.sessionFailure !== undefined
        ? [close(recorded, taskIdOf('no_payment_page', paymentId))]
        : [];
    case 'RefundRequested': {
      const { refundId, amount, reason, approval } = event.data;
      if (approval === 'auto') return [];
      return [
        open(recorded, taskIdOf('refund_approval', refundId), {
          kind: 'refund_approval',
          about: { ...about, refundId },
          text: `a refund of ${shown(amount)} (${reason}) waits for approval`,
        }),
      ];
    }
    case 'RefundApproved':
    case 'RefundRejected': {
      const { refundId } = event.data;
      const wish = state?.status === 'none' ? undefined : state?.refunds.find((one) => one.refundId === refundId);
      return wish?.approval === 'required' ? [close(recorded, taskIdOf('refund_approval', refundId))] : [];
    }
    case 'RefundFailed': {
      const { refundId, amount, code } = event.data;
      return [
        open(recorded, taskIdOf('refund_failed', refundId), {
          kind: 'refund_failed',
          about: { ...about, refundId },
          text: `a refund of ${shown(amount)} failed: ${code}`,
        }),
      ];
    }
    case 'ForeignRefundFailed': {
      const { providerRefundId, amount, code } = event.data;
      return [
        open(recorded, taskIdOf('refund_failed', providerRefundId), {
          kind: 'refund_failed',
          about,
          text: `a refund of ${shown(amount)} that was made at the provider failed: ${providerRefundId}: ${code}`,
        }),
      ];
    }
    case 'DisputeOpened': {
      const { disputeId, amount, evidenceDueBy } = event.data;
      return [
        open(recorded, taskIdOf('dispute', disputeId), {
          kind: 'dispute',
          about,
          text: `the payer disputes ${shown(amount)}: ${disputeId}`,
          ...(evidenceDueBy === undefined ? {} : { dueAt: evidenceDueBy }),
        }),
      ];
    }
    case 'PaymentVoided': {
      // as it stood before: whoever asked for it, or gave back what was taken of it, knows
      const { intentId } = event.data;
      const isLost = state?.status === 'authorized' && state.wish !== 'void';
      return isLost && !state.mismatches.some((one) => one.intentId === intentId && one.afterHeld)
        ? [
            open(recorded, taskIdOf('authorization_lost', paymentId, intentId), {
              kind: 'authorization_lost',
              about,
              text: `the provider let go of ${shown(state.authorization.amount)} that nobody had taken: ${intentId}`,
            }),
          ]
        : [];
    }
    case 'DisputeClosed':
      return [close(recorded, taskIdOf('dispute', event.data.disputeId))];
    default:
      return [];
  }
}

function shortfall({ event, ...recorded }: RecordedEvent, view: StockView | undefined): readonly CommandStep[] {
  if (event.type !== 'StockShortfallDetected' || view === undefined) return [];
  const { sku, locationId } = view;
  return [
    open({ event, ...recorded }, taskIdOf('shortfall', recorded.id), {
      kind: 'shortfall',
      about: { sku, locationId },
      text: `${sku} at ${locationId}: ${event.data.missing} more are promised than are there`,
    }),
  ];
}

function subjectOf(paymentId: PaymentId, state: Payment | undefined): TaskSubject {
  const orderId = state && orderIdOf(state);
  return { paymentId, ...(orderId === undefined ? {} : { orderId }) };
}

const LONGEST_TEXT = 2_000;

interface Wish {
  readonly kind: TaskKind;
  readonly about: TaskSubject;
  readonly text: string;
  readonly dueAt?: string;
}

const open = ({ meta }: RecordedEvent, taskId: TaskId, wish: Wish): CommandStep =>
  toTask(taskId, 'open', { type: 'OpenTask', task: { taskId, ...wish, openedAt: meta.at } });

const close = ({ meta }: RecordedEvent, taskId: TaskId): CommandStep =>
  toTask(taskId, 'close', { type: 'CompleteTask', by: 'system', at: meta.at });

const shown = ({ amount, currency }: Money): string => `${amount} minor units of ${currency}`;
