import type { Money } from '../domain/kernel/money.js';
import { openQty, type OrderFacts } from '../domain/order/index.js';
import { payment, type Payment } from '../domain/payment/index.js';
import { DEFAULT_SETTINGS } from '../domain/settings/index.js';
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
  load: async (event, folds) => {
    if (event.event.type === 'OrderConfirmed') return { order: await orderAt(event, folds) };
    return { payment: await folds.at(payment, event.stream, event.revision) };
  },
  react: (recorded, { order, payment: paid }) => {
    const { event, meta } = recorded;
    if (event.type === 'ProviderMismatchDetected') {
      const orderId = paid && orderIdOf(paid);
      if (orderId === undefined) return [];
      const { expected, actual } = event.data;
      return [
        toOrder(orderId, 'mismatch', {
          type: 'HoldOrder',
          kind: 'mismatch',
          detail: `${shown(actual)} was paid where ${shown(expected)} was asked for`,
          decideBy: addMinutes(meta.at, DEFAULT_SETTINGS.reviewDecisionMinutes),
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
