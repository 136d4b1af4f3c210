import { assertNever } from '../kernel/assertNever.js';
import { alreadyTrue, type Decision, record, refuse } from '../kernel/decision.js';
import { type AlreadyExists, alreadyExists, illegalTransition, notFound } from '../kernel/rejections.js';
import { amendOrder, declineAmendment, settleAmendment } from './amending.js';
import { cancelLines, requestCancellation, settleCancellation } from './cancelling.js';
import { recordCheck } from './checking.js';
import type { OrderCommand } from './commands.js';
import type { OrderEvent } from './events.js';
import { allowedActions } from './allowed.js';
import { isWithKitchen } from './facets.js';
import {
  changePromise,
  complete,
  recordLinesFulfilled,
  recordProgress,
  recordPickupNumber,
  recordPromise,
  startFulfilment,
} from './fulfilling.js';
import { holdOrder, resolveHold } from './holding.js';
import { addNote } from './noting.js';
import {
  applyPayment,
  attachLink,
  confirmAuthorized,
  confirmPayLater,
  detachLink,
  loseAuthorization,
  requestPayment,
} from './paying.js';
import { allotLines, changeDelivery, recordDispatch, recordRelease } from './shipping.js';
import { placeOrder, secureStock, stockShort } from './placing.js';
import { grantRefund, recordRefund } from './refunding.js';
import type { OrderRejection } from './rejections.js';
import { recordReturn } from './returning.js';
import type { ExistingOrder, Order } from './state.js';
import { refundOfWhatWasPaid } from './sums.js';

type OrderDecision = Decision<OrderRejection, OrderEvent>;

/** Which events a command leads to in a state of the order, or why it is refused. */
export function decide(command: OrderCommand, order: Order): OrderDecision {
  if (command.type === 'PlaceOrder') {
    return order.status === 'none' ? placeOrder(command) : refuse(placedBefore(order));
  }
  if (order.status === 'none') return refuse(notFound('order'));
  switch (command.type) {
    case 'RecordStockSecured':
      return secureStock(command, order);
    case 'RecordStockShort':
      return stockShort(command, order);
    case 'AttachPaymentLink':
      return attachLink(command, order);
    case 'DetachPaymentLink':
      return detachLink(command, order);
    case 'ApplyPayment':
      return applyPayment(command, order);
    case 'ExpireOrder':
      return expire(command, order);
    case 'RequestCancellation':
      return requestCancellation(command, order);
    case 'StartFulfilment':
      return startFulfilment(command, order);
    case 'RecordProgress':
      return recordProgress(command, order);
    case 'RecordLinesFulfilled':
      return recordLinesFulfilled(command, order);
    case 'RecordCheckResult':
      return recordCheck(command, order);
    case 'HoldOrder':
      return holdOrder(command, order);
    case 'ResolveHold':
      return resolveHold(command, order);
    case 'RequestPayment':
      return requestPayment(command, order);
    case 'ConfirmAuthorized':
      return confirmAuthorized(command, order);
    case 'RecordAuthorizationLost':
      return loseAuthorization(command, order);
    case 'ConfirmPayLater':
      return confirmPayLater(command, order);
    case 'SettleCancellation':
      return settleCancellation(command, order);
    case 'CancelLines':
      return cancelLines(command, order);
    case 'AmendOrder':
      return amendOrder(command, order);
    case 'SettleAmendment':
      return settleAmendment(command, order);
    case 'DeclineAmendment':
      return declineAmendment(command, order);
    case 'GrantRefund':
      return grantRefund(command, order);
    case 'RecordRefund':
      return recordRefund(command, order);
    case 'AddNote':
      return addNote(command, order);
    case 'AllotLines':
      return allotLines(command, order);
    case 'RecordDispatch':
      return recordDispatch(command, order);
    case 'RecordRelease':
      return recordRelease(command, order);
    case 'ChangeDelivery':
      return changeDelivery(command, order);
    case 'ChangePromise':
      return changePromise(command, order);
    case 'RecordPromise':
      return recordPromise(command, order);
    case 'RecordPickupNumber':
      return recordPickupNumber(command, order);
    case 'RecordReturn':
      return recordReturn(command, order);
    case 'CompleteOrder':
      return complete(command, order);
    default:
      return assertNever(command);
  }
}

const placedBefore = (order: ExistingOrder): AlreadyExists => alreadyExists('order', order.details.orderId);

/** Whether the money came first, or more time was given; and no payment is left behind that took the place of the one ended. */
function expire(
  { at, paymentId }: Extract<OrderCommand, { type: 'ExpireOrder' }>,
  order: ExistingOrder,
): OrderDecision {
  switch (order.status) {
    case 'awaiting_payment': {
      const { paymentId: awaited = null, dueAt = '' } = order.awaited ?? {};
      if (at < dueAt) return alreadyTrue;
      if (paymentId !== undefined && paymentId !== awaited) {
        return refuse({ _tag: 'PaymentNotAwaited', paymentId, awaited });
      }
      return record<OrderEvent>({ type: 'OrderExpired', data: { dueAt } }, ...refundOfWhatWasPaid(order, 'expired'));
    }
    case 'confirmed':
    case 'in_fulfilment':
    case 'fulfilled':
    case 'completed':
    case 'expired':
      return alreadyTrue;
    case 'on_hold':
      return isWithKitchen(order) ? alreadyTrue : refuse(illegalTransition(order.status, allowedActions(order)));
    case 'placed':
    case 'rejected':
    case 'cancelled':
      return refuse(illegalTransition(order.status, allowedActions(order)));
    default:
      return assertNever(order);
  }
}
