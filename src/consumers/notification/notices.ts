import type { OrderId } from '../../domain/kernel/ids.js';
import type { Money } from '../../domain/kernel/money.js';
import { type ExistingOrder, isDead } from '../../domain/order/index.js';
import type { CloudEvent } from '../contracts/cloudEvent.js';
import { decodeMessage } from '../runtime/decodeMessage.js';
import { heldLinkReady, type LinkNotice, type LinkNoticed, linkReady } from './linkNotices.js';

interface Item {
  readonly name: string;
  readonly qty: number;
  /** What was chosen with it, and what each choice adds to the price of a unit; undefined: it adds nothing. */
  readonly options: readonly {
    readonly name: string;
    readonly choice: string;
    readonly price: Money | undefined;
  }[];
}

/** What a mail says, by its template. */
export interface Notices {
  readonly placed: {
    readonly items: readonly (Item & { readonly net: Money })[];
    /** What comes to the items; undefined: nothing. Tax where the prices do not contain it. */
    readonly delivery: Money | undefined;
    readonly tax: Money | undefined;
    readonly tip: Money | undefined;
    readonly total: Money;
  };
  readonly payment_link: LinkNotice;
  /** `over`: the order had ended before, or has since, and what was paid goes back. */
  readonly paid: { readonly amount: Money; readonly over: boolean };
  readonly ready: { readonly pickupNo: number | undefined };
  readonly dispatched: {
    readonly items: readonly Item[];
    readonly carrier: string;
    readonly trackingNo: string | undefined;
  };
  readonly cancelled: { readonly reason: string; readonly refund: Money | undefined };
  /** It was to be cancelled, and cannot be any more. */
  readonly not_cancelled: { readonly cause: string };
  readonly rejected: { readonly reasons: readonly string[]; readonly refund: Money | undefined };
  readonly expired: { readonly refund: Money | undefined };
  /** Something is short: whoever ordered may decide whether the rest is enough. */
  readonly short: { readonly detail: string; readonly decideBy: string };
  readonly refunded: { readonly amount: Money };
}

export type Template = keyof Notices;

/** What one event is to be told as; `about` is asked for once the order is there. */
export type Notice =
  | LinkNoticed
  | {
      readonly [Name in Exclude<Template, 'payment_link'>]: {
        readonly template: Name;
        readonly orderId: OrderId;
        /** Undefined where there is nothing to say (any more). */
        readonly about: (order: ExistingOrder) => Notices[Name] | undefined;
      };
    }[Exclude<Template, 'payment_link'>];

const NOTICED = {
  'order.created.v1': (message) => {
    const { order } = decodeMessage('order.created.v1', message);
    const { delivery, tip, tax, grand: total } = order.totals;
    return {
      template: 'placed',
      orderId: order.id,
      about: (state) => ({
        items: order.lines.map(({ lineId, name, qty, net }) => ({ name, qty, net, options: chosen(state, lineId) })),
        delivery: some(delivery),
        tax: state.details.taxInclusive ? undefined : some(tax),
        tip: some(tip),
        total,
      }),
    };
  },
  'payment.link_ready.v1': linkReady,
  'order.hold_resolved.v1': heldLinkReady,
  'order.paid.v1': (message) => {
    const { order, payments } = decodeMessage('order.paid.v1', message);
    return {
      template: 'paid',
      orderId: order.id,
      // what came in, which may be more or less than the order costs by now
      about: (state) => ({
        amount: { ...state.captured, amount: payments.reduce((sum, { amount }) => sum + amount.amount, 0) },
        over: isDead(state),
      }),
    };
  },
  'kitchen.ticket_ready.v1': (message) => {
    const { ticket } = decodeMessage('kitchen.ticket_ready.v1', message);
    // what is brought to the door is told of when it leaves, and at the table nobody needs a mail
    const { mode, pickupNo } = ticket;
    return { template: 'ready', orderId: ticket.orderId, about: () => (mode === 'pickup' ? { pickupNo } : undefined) };
  },
  'shipment.dispatched.v1': (message) => {
    const { shipment } = decodeMessage('shipment.dispatched.v1', message);
    const { lines, carrier, trackingNo } = shipment;
    return {
      template: 'dispatched',
      orderId: shipment.orderId,
      about: (state) => ({
        items: lines.map(({ lineId, name, qty }) => ({ name, qty, options: chosen(state, lineId) })),
        carrier,
        trackingNo,
      }),
    };
  },
  'order.cancelled.v1': (message) => {
    const { order, reason } = decodeMessage('order.cancelled.v1', message);
    return {
      template: 'cancelled',
      orderId: order.id,
      about: (state) => ({ reason, refund: refundOf(state) }),
    };
  },
  'order.cancellation_declined.v1': (message) => {
    const { order, cause } = decodeMessage('order.cancellation_declined.v1', message);
    return {
      template: 'not_cancelled',
      orderId: order.id,
      // somebody may have found a way since
      about: (state) => (isDead(state) ? undefined : { cause }),
    };
  },
  'order.rejected.v1': (message) => {
    const { order, reasons } = decodeMessage('order.rejected.v1', message);
    return {
      template: 'rejected',
      orderId: order.id,
      about: (state) => ({ reasons: reasons.map(({ text }) => text), refund: refundOf(state) }),
    };
  },
  'order.expired.v1': (message) => {
    const { order } = decodeMessage('order.expired.v1', message);
    return { template: 'expired', orderId: order.id, about: (state) => ({ refund: refundOf(state) }) };
  },
  'order.held.v1': (message) => {
    const { order, kind, detail, decideBy } = decodeMessage('order.held.v1', message);
    return {
      template: 'short',
      orderId: order.id,
      // every other hold is for the staff alone, and what is decided need not be asked
      about: (state) => (kind === 'shortage' && state.status === 'on_hold' ? { detail, decideBy } : undefined),
    };
  },
  'refund.succeeded.v1': (message) => {
    const { orderId, amount } = decodeMessage('refund.succeeded.v1', message);
    return { template: 'refunded', orderId, about: () => ({ amount }) };
  },
} satisfies Readonly<Record<string, (message: CloudEvent<unknown>) => Notice>>;

/** What was chosen with a line: its price is in no message. */
const chosen = ({ lines }: ExistingOrder, id: string): Item['options'] =>
  (lines.find(({ lineId }) => lineId === id)?.options ?? []).map(({ name, choice, price }) => ({
    name,
    choice,
    price: price.amount === 0 ? undefined : price,
  }));

const some = (money: Money): Money | undefined => (money.amount > 0 ? money : undefined);
const refundOf = ({ refundDue }: ExistingOrder): Money | undefined => some(refundDue);

/** The messages of which customers are told. */
export const NOTICED_TYPES = Object.keys(NOTICED);

/** What a message is to be told as; undefined where customers are not told of it. @throws MessageFault */
export function noticeOf(message: CloudEvent<unknown>): Notice | undefined {
  return isNoticed(message.type) ? NOTICED[message.type](message) : undefined;
}

const isNoticed = (type: string): type is keyof typeof NOTICED => Object.hasOwn(NOTICED, type);
