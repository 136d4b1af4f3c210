import * as t from 'io-ts';
import {
  OrderIdCodec,
  PaymentIdCodec,
  ShipmentIdCodec,
  TicketIdCodec,
  TicketItemIdCodec,
} from '../../domain/kernel/ids.js';

/** What a timer asks for when its time has come. Stored as JSON: fields are only ever added. */
export const TimerTaskCodec = t.union([
  t.type({ type: t.literal('payment-due'), orderId: OrderIdCodec, paymentId: PaymentIdCodec, round: t.number }),
  t.type({ type: t.literal('hold-due'), orderId: OrderIdCodec, decideBy: t.string }),
  t.type({ type: t.literal('check-due'), orderId: OrderIdCodec }),
  t.type({ type: t.literal('complete-order'), orderId: OrderIdCodec }),
  t.type({
    type: t.literal('poll-session'),
    orderId: OrderIdCodec,
    paymentId: PaymentIdCodec,
    sessionId: t.string,
  }),
  t.type({ type: t.literal('money-held'), orderId: OrderIdCodec, paymentId: PaymentIdCodec }),
  t.type({ type: t.literal('fire-ticket'), ticketId: TicketIdCodec, planned: t.string }),
  t.type({ type: t.literal('label-due'), shipmentId: ShipmentIdCodec, bookingId: t.string }),
  t.type({ type: t.literal('label-void-due'), shipmentId: ShipmentIdCodec, bookingId: t.string }),
  t.type({
    type: t.literal('void-due'),
    ticketId: TicketIdCodec,
    itemId: TicketItemIdCodec,
    seen: t.number,
  }),
  t.type({ type: t.literal('finish-items'), ticketId: TicketIdCodec, itemIds: t.readonlyArray(TicketItemIdCodec) }),
]);
export type TimerTask = t.TypeOf<typeof TimerTaskCodec>;

/** Where a timer's commands come from: the envelope of the event that set it. */
export const OriginCodec = t.intersection([
  t.type({ correlationId: t.string, causationId: t.string, tenant: t.string }),
  t.partial({ location: t.string, traceparent: t.string }),
]);
export type Origin = t.TypeOf<typeof OriginCodec>;

/** A timer as a process asks for it. */
export interface NewTimer {
  /** Derived from what it is for, so that it is set once: `payment-deadline/ord_…/0`. */
  readonly id: string;
  /** The process that it belongs to. */
  readonly process: string;
  /** What it is about, for operators: the order's id. */
  readonly correlation: string;
  /** RFC 3339, UTC. */
  readonly dueAt: string;
  readonly task: TimerTask;
}

/** A timer whose time has come, claimed for a while by whoever holds it. */
export interface DueTimer extends NewTimer {
  readonly origin: Origin;
}
