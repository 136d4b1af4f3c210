import type { LocationId, OrderId, PaymentId, ShipmentId, Sku, TaskId, TicketId } from '../../domain/kernel/ids.js';
import {
  orderStream,
  paymentStream,
  pickupCounterStream,
  shipmentStream,
  type StreamName,
  stockStream,
  taskStream,
  ticketStream,
} from '../../domain/kernel/streams.js';
import type { OrderCommand } from '../../domain/order/commands.js';
import type { PaymentCommand } from '../../domain/payment/commands.js';
import type { PickupCommand } from '../../domain/pickup/index.js';
import type { ShipmentCommand } from '../../domain/shipment/commands.js';
import type { StockCommand } from '../../domain/stock/commands.js';
import type { TaskCommand } from '../../domain/task/commands.js';
import type { TicketCommand } from '../../domain/ticket/commands.js';
import type { NewTimer } from '../timers/timer.js';

interface Command<Kind extends string, C> {
  readonly kind: Kind;
  /** Unique, with the stream, within one reaction: the command's id is derived from it. Never changes once shipped. */
  readonly name: string;
  readonly stream: StreamName;
  readonly command: C;
}

/** A command to an aggregate, as plain data. */
export type CommandStep =
  | Command<'order', OrderCommand>
  | Command<'payment', PaymentCommand>
  | Command<'pickup', PickupCommand>
  | Command<'stock', StockCommand>
  | Command<'task', TaskCommand>
  | Command<'ticket', TicketCommand>
  | Command<'shipment', ShipmentCommand>;

/** Asks which session a payment has by now. */
export interface SessionOfPaymentStep {
  readonly kind: 'session-of-payment';
  readonly name: string;
  readonly stream: StreamName;
}

/** Asks the payment provider about a session, or closes it there. */
export interface SessionStep {
  readonly kind: 'session';
  readonly name: 'observe' | 'close';
  readonly sessionId: string;
}

/** Sets a timer, once: repeated, or after it was cancelled, it changes nothing. */
export interface ScheduleStep {
  readonly kind: 'schedule';
  readonly timer: NewTimer;
}

/** Cancels a timer; one that has fired, or never was, stays as it is. */
export interface CancelStep {
  readonly kind: 'cancel';
  readonly timerId: string;
}

/** Gives up for now: the whole reaction comes again, after a while. */
export interface LaterStep {
  readonly kind: 'later';
  readonly reason: string;
  readonly error?: unknown;
}

/** One thing that a process wants done. The steps that a reaction returns together do not depend on each other. */
export type Step = CommandStep | SessionOfPaymentStep | SessionStep | ScheduleStep | CancelStep | LaterStep;

export const toOrder = (id: OrderId, name: string, command: OrderCommand): CommandStep => ({
  kind: 'order',
  name,
  stream: orderStream(id),
  command,
});
export const toPayment = (id: PaymentId, name: string, command: PaymentCommand): CommandStep => ({
  kind: 'payment',
  name,
  stream: paymentStream(id),
  command,
});
export const toStock = (sku: Sku, at: LocationId, name: string, command: StockCommand): CommandStep => ({
  kind: 'stock',
  name,
  stream: stockStream(sku, at),
  command,
});
export const toTicket = (id: TicketId, name: string, command: TicketCommand): CommandStep => ({
  kind: 'ticket',
  name,
  stream: ticketStream(id),
  command,
});
export const toTask = (id: TaskId, name: string, command: TaskCommand): CommandStep => ({
  kind: 'task',
  name,
  stream: taskStream(id),
  command,
});

export const toShipment = (id: ShipmentId, name: string, command: ShipmentCommand): CommandStep => ({
  kind: 'shipment',
  name,
  stream: shipmentStream(id),
  command,
});

/** @param businessDate `YYYY-MM-DD` */
export const toPickupCounter = (
  at: LocationId,
  businessDate: string,
  name: string,
  command: PickupCommand,
): CommandStep => ({ kind: 'pickup', name, stream: pickupCounterStream(at, businessDate), command });

/** What makes a step one of its kind within a reaction. */
export function stepKey(step: Step): string {
  switch (step.kind) {
    case 'schedule':
      return `schedule ${step.timer.id}`;
    case 'cancel':
      return `cancel ${step.timerId}`;
    case 'session':
      return `session ${step.name} ${step.sessionId}`;
    case 'later':
      return 'later';
    case 'order':
    case 'payment':
    case 'pickup':
    case 'stock':
    case 'task':
    case 'ticket':
    case 'shipment':
    case 'session-of-payment':
      return `${step.kind} ${step.name} ${step.stream}`;
  }
}
