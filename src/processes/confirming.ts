import { orderStream, paymentStream } from '../domain/kernel/streams.js';
import { type ExistingOrder, openQty, order, type Order } from '../domain/order/index.js';
import { payment, type Payment } from '../domain/payment/index.js';
import type { ProcessManager } from './engine/process.js';
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
import {
  askInsteadOfRefused,
  ENDS_OF_ORDERS,
  goesBack,
  lookAgain,
  type Waiting,
  waitingIn,
  waitingOf,
  whereItCame,
  whereItGoesOn,
  whereNobodyWaits,
} from './otherAmounts.js';
import { orderIdOf } from './paymentState.js';

const WANTED: ReadonlySet<string> = new Set([
  'PaymentCaptured',
  'OrderConfirmed',
  'OrderHoldResolved',
  'ProviderMismatchDetected',
  'ForeignRefundFailed',
  ...ENDS_OF_ORDERS,
]);

interface State {
  /** As its own event left it; of a payment's event as it is now. */
  readonly order?: Order;
  readonly payment?: Payment;
  /** What came as another amount than was asked for, and waits for a decision. */
  readonly waiting?: readonly Waiting[];
  /** How long somebody has to look at an order whose payment differs. */
  readonly decisionMinutes?: number;
}

/**
 * Confirming: money that the provider took is counted on its order, whatever has become of it; and once the order is
 * confirmed its reservations are too. Another amount than was asked for confirms nothing: somebody has to look at it, and it counts
 * by their decision, or goes back once the order is over. Nothing is to be done about other refusals, they are logged.
 */
export const confirming: ProcessManager<State> = {
  name: 'confirming',
  wants: (type) => WANTED.has(type),
  key: ({ event, stream }) => (event.type === 'PaymentCaptured' ? `order-${event.data.orderId}` : stream),
  load: async (recorded, folds, related) => {
    const { event, stream, revision } = recorded;
    if (event.type === 'PaymentCaptured') return {};
    const minutes = async () => (await related.settings()).mismatchDecisionMinutes;
    if (event.type === 'ProviderMismatchDetected' || event.type === 'ForeignRefundFailed') {
      const state = await folds.at(payment, stream, revision);
      const orderId = orderIdOf(state);
      return {
        payment: state,
        ...(orderId === undefined ? {} : { order: await related.latest(order, orderStream(orderId)) }),
        waiting: waitingIn(paymentIdIn(recorded), await related.latest(payment, paymentStream(paymentIdIn(recorded)))),
        decisionMinutes: await minutes(),
      };
    }
    const its = await orderAt(recorded, folds);
    if (event.type === 'OrderConfirmed') return { order: its };
    const isOver = event.type !== 'OrderHoldResolved';
    return {
      order: its,
      waiting: isOver || its.status === 'awaiting_payment' ? await waitingOf(its, related) : [],
      ...(isOver ? {} : { decisionMinutes: await minutes() }),
    };
  },
  react: (recorded, { order: its, payment: paid, waiting = [], decisionMinutes = 0 }) => {
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
    if (event.type === 'ProviderMismatchDetected' || event.type === 'ForeignRefundFailed') {
      return paid ? whereItCame(recorded, paid, its, waiting, decisionMinutes) : [];
    }
    if (its === undefined || its.status === 'none') return [];
    switch (event.type) {
      case 'OrderConfirmed':
        return confirmReservations(its);
      case 'OrderHoldResolved':
        return whereItGoesOn(recorded, event.data, its, waiting, decisionMinutes);
      default:
        return waiting.map((money) => goesBack(recorded, money));
    }
  },
  settle: (recorded, { order: its, waiting = [] }, outcomes) => {
    const { event } = recorded;
    if (its === undefined || its.status === 'none') return [];
    if (event.type === 'OrderHoldResolved') return askInsteadOfRefused(recorded, event.data, its, outcomes);
    const again = lookAgain(outcomes);
    return again.length > 0 ? again : whereNobodyWaits(recorded, its, waiting, outcomes);
  },
};

function confirmReservations({ details, lines }: ExistingOrder) {
  const cancelled = new Set(lines.filter((line) => openQty(line) === 0).map(({ lineId }) => lineId));
  return trackedLines(details)
    .filter(({ lineId }) => !cancelled.has(lineId))
    .map((line) => confirm(details, line));
}

const confirm = (details: OrderDetails, line: Line) =>
  toStockOf(details, line, 'confirm', {
    type: 'ConfirmReservation',
    reservationId: reservationOf(details, line),
  });
