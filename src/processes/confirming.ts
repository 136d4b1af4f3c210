import type { Money } from '../domain/kernel/money.js';
import { openQty, type OrderFacts } from '../domain/order/index.js';
import { payment, type Payment } from '../domain/payment/index.js';
import { nothingMore, type ProcessManager } from './engine/process.js';
import { toOrder } from './engine/step.js';
import {
  type Line,
  orderAt,
  type OrderDetails,
  paymentIdIn,
  reservationOf,
  toStockOf,
  trackedLines,
} from './orderLines.js';
import { orderIdOf } from './paymentState.js';
import { addMinutes } from './time.js';

const WANTED: ReadonlySet<string> = new Set(['PaymentCaptured', 'OrderConfirmed', 'ProviderMismatchDetected']);

interface State {
  readonly order?: OrderFacts;
  readonly payment?: Payment;
  /** How long somebody has to look at an order whose payment differs. */
  readonly decisionMinutes?: number;
}

const shown = ({ amount, currency }: Money): string => `${amount} minor units of ${currency}`;

/**
 * Confirming: money that the provider took is counted on its order, whatever has become of it; and once the order is
 * confirmed its reservations are too. Another amount than was asked for confirms nothing: somebody has to look at it. Nothing is to be done about a refusal, it is logged.
 */
export const confirming: ProcessManager<State> = {
  name: 'confirming',
  wants: (type) => WANTED.has(type),
  key: ({ event, stream }) => (event.type === 'PaymentCaptured' ? `order-${event.data.orderId}` : stream),
  load: async (event, folds, related) => {
    if (event.event.type === 'OrderConfirmed') return { order: await orderAt(event, folds) };
    const state = await folds.at(payment, event.stream, event.revision);
    if (event.event.type !== 'ProviderMismatchDetected') return { payment: state };
    return { payment: state, decisionMinutes: (await related.settings()).mismatchDecisionMinutes };
  },
  react: (recorded, { order, payment: paid, decisionMinutes }) => {
    const { event, meta } = recorded;
    if (event.type === 'ProviderMismatchDetected') {
      const orderId = paid && orderIdOf(paid);
      if (orderId === undefined || decisionMinutes === undefined) return [];
      const { expected, actual } = event.data;
      return [
        toOrder(orderId, 'mismatch', {
          type: 'HoldOrder',
          kind: 'mismatch',
          detail: `${shown(actual)} was paid where ${shown(expected)} was asked for`,
          decideBy: addMinutes(meta.at, decisionMinutes),
        }),
      ];
    }
    if (event.type === 'PaymentCaptured') {
      const { orderId, intentId, amount, method } = event.data;
      return [
        toOrder(orderId, 'apply', {
          type: 'ApplyPayment',
          paymentId: paymentIdIn(recorded),
          intentId,
          amount,
          method: method.kind,
        }),
      ];
    }
    if (order === undefined) return [];
    const { details } = order;
    const cancelled = new Set(order.lines.filter((line) => openQty(line) === 0).map(({ lineId }) => lineId));
    return trackedLines(details)
      .filter(({ lineId }) => !cancelled.has(lineId))
      .map((line) => confirm(details, line));
  },
  settle: nothingMore,
};

const confirm = (details: OrderDetails, line: Line) =>
  toStockOf(details, line, 'confirm', {
    type: 'ConfirmReservation',
    reservationId: reservationOf(details, line),
  });
