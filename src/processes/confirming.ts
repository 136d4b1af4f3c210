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

/**
 * Confirming: money that the provider took is counted on its order, whatever has become of it; and once the order is
 * confirmed its reservations are too. Nothing is to be done about a refusal, it is logged.
 */
export const confirming: ProcessManager<OrderDetails | undefined> = {
  name: 'confirming',
  wants: (type) => type === 'PaymentCaptured' || type === 'OrderConfirmed',
  key: ({ event, stream }) => (event.type === 'PaymentCaptured' ? `order-${event.data.orderId}` : stream),
  load: async (event, folds) =>
    event.event.type === 'OrderConfirmed' ? (await orderAt(event, folds)).details : undefined,
  react: (recorded, details) => {
    const { event } = recorded;
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
    return details === undefined ? [] : trackedLines(details).map((line) => confirm(details, line));
  },
  settle: nothingMore,
};

const confirm = (details: OrderDetails, line: Line) =>
  toStockOf(details, line, 'confirm', {
    type: 'ConfirmReservation',
    reservationId: reservationOf(details, line),
  });
