import type { RecordedEvent } from '../../domain/events.js';
import { type ExistingOrder, order } from '../../domain/order/index.js';
import { type ExistingPayment, payment } from '../../domain/payment/index.js';
import { type ExistingShipment, isCreated, shipment } from '../../domain/shipment/index.js';
import { type ExistingTicket, isOpened, ticket } from '../../domain/ticket/index.js';
import type { Folds } from '../../subscriptions/contract.js';
import { UnprocessableEvent } from '../../subscriptions/faults.js';

// What an event is about, just after it. Each throws UnprocessableEvent where the stream folds to nothing.

export async function orderAt({ stream, revision }: RecordedEvent, folds: Folds): Promise<ExistingOrder> {
  const state = await folds.at(order, stream, revision);
  if (state.status === 'none') throw foldsToNothing(stream, revision);
  return state;
}

export async function paymentAt({ stream, revision }: RecordedEvent, folds: Folds): Promise<ExistingPayment> {
  const state = await folds.at(payment, stream, revision);
  if (state.status === 'none') throw foldsToNothing(stream, revision);
  return state;
}

export async function ticketAt({ stream, revision }: RecordedEvent, folds: Folds): Promise<ExistingTicket> {
  const state = await folds.at(ticket, stream, revision);
  if (!isOpened(state)) throw foldsToNothing(stream, revision);
  return state;
}

export async function shipmentAt({ stream, revision }: RecordedEvent, folds: Folds): Promise<ExistingShipment> {
  const state = await folds.at(shipment, stream, revision);
  if (!isCreated(state)) throw foldsToNothing(stream, revision);
  return state;
}

export const foldsToNothing = (stream: string, revision: number): UnprocessableEvent =>
  new UnprocessableEvent(`${stream}@${revision} folds to nothing`);
