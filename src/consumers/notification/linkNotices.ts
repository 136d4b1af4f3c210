import type { OrderId, PaymentId } from '../../domain/kernel/ids.js';
import type { Money } from '../../domain/kernel/money.js';
import { type ExistingOrder, outstanding } from '../../domain/order/index.js';
import { endedUnpaid, type Payment } from '../../domain/payment/index.js';
import type { CloudEvent } from '../contracts/cloudEvent.js';
import { decodeMessage } from '../runtime/decodeMessage.js';

/** Where to pay, and by when. */
export interface LinkNotice {
  readonly url: string;
  readonly amount: Money;
  readonly dueAt: string;
  readonly more: boolean;
}

/** The notice that a payment can be made, and of which. */
export interface LinkNoticed {
  readonly template: 'payment_link';
  readonly orderId: OrderId;
  /** The payment whose mail waits for the end of the hold; undefined: the order is not held, or does not wait for it. */
  readonly putOff: (order: ExistingOrder) => PaymentId | undefined;
  /** The payment of which it may be that a mail was put off; undefined: of none. */
  readonly takesUp: (order: ExistingOrder) => PaymentId | undefined;
  /** Only what was put off is said by it. */
  readonly onlyPutOff: boolean;
  readonly about: (order: ExistingOrder, payment: Payment | undefined) => LinkNotice | undefined;
}

/** A payment page is there. Nobody is asked to pay while somebody looks at the order: then it is said when that is over. */
export function linkReady(message: CloudEvent<unknown>): LinkNoticed {
  const { orderId, paymentId, amount, dueAt } = decodeMessage('payment.link_ready.v1', message);
  return {
    template: 'payment_link',
    orderId,
    putOff: (order) => (heldPage(order) === paymentId ? paymentId : undefined),
    takesUp: () => paymentId,
    onlyPutOff: false,
    // where to pay is in no message; who need not pay any more is not asked to
    about: (order) =>
      order.link?.paymentId === paymentId && isWaitedFor(paymentId, order) && !asksForTooMuch(amount, paymentId, order)
        ? { url: order.link.url, amount, dueAt, more: order.awaited?.paymentId !== paymentId }
        : undefined,
  };
}

/** A hold is over: whoever was not told meanwhile where to pay is told now, unless another page takes the place of that one. */
export function heldLinkReady(message: CloudEvent<unknown>): LinkNoticed {
  const { order: block } = decodeMessage('order.hold_resolved.v1', message);
  return {
    template: 'payment_link',
    orderId: block.id,
    putOff: heldPage,
    takesUp: ({ link }) => link?.paymentId,
    onlyPutOff: true,
    about: (order, payment) => {
      const { link, awaited } = order;
      if (link === undefined || awaited?.paymentId !== link.paymentId || !isWaitedFor(link.paymentId, order)) return;
      const amount = payment === undefined ? undefined : openAmount(payment);
      if (amount === undefined || asksForTooMuch(amount, link.paymentId, order)) return;
      return { url: link.url, amount, dueAt: awaited.dueAt, more: false };
    },
  };
}

/** Whether the page that the order waits for asks for more than is left of the order: it is closed, and there is another one. */
const asksForTooMuch = ({ amount }: Money, paymentId: PaymentId, order: ExistingOrder): boolean =>
  order.awaited?.paymentId === paymentId && order.status === 'awaiting_payment' && amount > outstanding(order);

/** What a page asks for at which somebody can still pay. */
const openAmount = (payment: Payment): Money | undefined =>
  payment.status === 'none' || endedUnpaid(payment) ? undefined : payment.opening?.amount;

/** The payment whose page is there although nobody is to pay by it: somebody holds the order that waits for it. */
const heldPage = (order: ExistingOrder): PaymentId | undefined =>
  order.status === 'on_hold' && order.awaited?.paymentId === order.link?.paymentId ? order.link?.paymentId : undefined;

/** Whether the customer is still to pay it: the first payment, or one that was asked for later. */
function isWaitedFor(paymentId: PaymentId, { status, applied, requested }: ExistingOrder): boolean {
  if (applied.some((one) => one.paymentId === paymentId)) return false;
  const later = requested?.some((one) => one.paymentId === paymentId) ?? false;
  return later
    ? status !== 'rejected' && status !== 'expired' && status !== 'cancelled'
    : status === 'awaiting_payment';
}
