import type { MessageData, MessageType, TicketBlock } from '../../consumers/contracts/index.js';
import type { DomainEvent, RecordedEvent } from '../../domain/events.js';
import type { ExistingOrder, Order, OrderEvent } from '../../domain/order/index.js';
import { order } from '../../domain/order/index.js';
import type { ExistingTicket, TicketEvent } from '../../domain/ticket/index.js';
import { ticket } from '../../domain/ticket/index.js';
import type { Folds } from '../../subscriptions/contract.js';
import { UnprocessableEvent } from '../../subscriptions/faults.js';
import { orderBlock } from './orderBlock.js';

/** A fact for other services, before it gets its envelope. */
export type Message = {
  readonly [Type in MessageType]: {
    readonly type: Type;
    /** The id of the thing that the fact is about. */
    readonly subject: string;
    readonly data: MessageData<Type>;
  };
}[MessageType];

const PUBLISHED: ReadonlySet<DomainEvent['type']> = new Set<DomainEvent['type']>([
  'OrderPlaced',
  'OrderAccepted',
  'PaymentApplied',
  'OrderConfirmed',
  'OrderRejected',
  'OrderExpired',
  'OrderCancelled',
  'PaymentCaptured',
  'TicketOpened',
  'TicketReady',
]);

/** Whether an event type is (sometimes) told to other services. */
export const isPublished = (type: DomainEvent['type']): boolean => PUBLISHED.has(type);

/**
 * The message that an event asks for, made from the state of its stream at that very revision; undefined where it asks for
 * none. The same event gives the same message, however often and whenever.
 */
export async function messageOf(recorded: RecordedEvent, folds: Folds): Promise<Message | undefined> {
  const { event, stream, revision } = recorded;
  switch (event.type) {
    case 'OrderPlaced':
    case 'OrderAccepted':
    case 'PaymentApplied':
    case 'OrderConfirmed':
    case 'OrderRejected':
    case 'OrderExpired':
    case 'OrderCancelled':
      return orderMessage(event, existing(await folds.at(order, stream, revision), recorded));
    case 'TicketOpened':
    case 'TicketReady':
      return ticketMessage(event, existing(await folds.at(ticket, stream, revision), recorded));
    case 'PaymentCaptured': {
      const { orderId, amount, method, late } = event.data;
      const paymentId = stream.slice('payment-'.length) as MessageData<'payment.captured.v1'>['paymentId'];
      return {
        type: 'payment.captured.v1',
        subject: paymentId,
        data: { paymentId, orderId, amount, method: method.kind, late },
      };
    }
    default:
      return undefined;
  }
}

type Of<Event, Type> = Extract<Event, { type: Type }>;
type OrderFact = Of<
  OrderEvent,
  | 'OrderPlaced'
  | 'OrderAccepted'
  | 'PaymentApplied'
  | 'OrderConfirmed'
  | 'OrderRejected'
  | 'OrderExpired'
  | 'OrderCancelled'
>;

/** What an event of an order tells other services, given the order just after it. */
export function orderMessage(event: OrderFact, state: ExistingOrder): Message | undefined {
  const block = orderBlock(state);
  const subject = block.id;
  switch (event.type) {
    case 'OrderPlaced':
      return { type: 'order.created.v1', subject, data: { order: block } };
    case 'OrderAccepted':
      return { type: 'order.accepted.v1', subject, data: { order: block, ...event.data } };
    case 'PaymentApplied': {
      const { paymentId, amount, method, capturedTotal } = event.data;
      const total = state.details.total.amount;
      // what comes on top of a total that was covered before is no second "paid"
      const covers = capturedTotal.amount >= total && capturedTotal.amount - amount.amount < total;
      return covers
        ? { type: 'order.paid.v1', subject, data: { order: block, payments: [{ paymentId, amount, method }] } }
        : undefined;
    }
    case 'OrderConfirmed':
      return { type: 'order.confirmed.v1', subject, data: { order: block, basis: event.data.basis } };
    case 'OrderRejected':
      return { type: 'order.rejected.v1', subject, data: { order: block, reasons: event.data.reasons } };
    case 'OrderExpired':
      return { type: 'order.expired.v1', subject, data: { order: block } };
    case 'OrderCancelled':
      return { type: 'order.cancelled.v1', subject, data: { order: block, ...event.data } };
  }
}

/** What an event of a ticket tells other services, given the ticket just after it. */
export function ticketMessage(event: Of<TicketEvent, 'TicketOpened' | 'TicketReady'>, state: ExistingTicket): Message {
  const block: TicketBlock = state.details;
  return event.type === 'TicketOpened'
    ? { type: 'kitchen.ticket_opened.v1', subject: block.ticketId, data: { ticket: block } }
    : {
        type: 'kitchen.ticket_ready.v1',
        subject: block.ticketId,
        data: { ticket: block, readyAt: event.data.readyAt },
      };
}

function existing<State extends Order | ExistingTicket | { readonly status: 'none' }>(
  state: State,
  { stream, revision }: RecordedEvent,
): Exclude<State, { readonly status: 'none' }> {
  if (state.status === 'none') throw new UnprocessableEvent(`${stream}@${revision} folds to nothing`);
  return state as Exclude<State, { readonly status: 'none' }>;
}
