import type { DomainEvent } from '../../../src/domain/events.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import type { OrderEvent } from '../../../src/domain/order/index.js';
import {
  aPayment,
  aTicket,
  at,
  dueAt,
  eur,
  idOf,
  later,
  main,
  openedTicket,
  orderLine,
  placedOrder,
  sku,
  soup,
} from '../../support/fixtures.js';

/** The whole life of an order that is paid, cooked and handed over: two lines, 20.00 EUR. */
export const servedOrder = (orderId: OrderId = idOf('order', 1)): readonly OrderEvent[] => [
  { type: 'OrderPlaced', data: placedOrder({ orderId, lines: [orderLine(1), orderLine(2, { prepSeconds: 60 })] }) },
  {
    type: 'StockSecured',
    data: { reservations: [1, 2].map((n) => ({ lineId: idOf('line', n), reservationId: idOf('reservation', n) })) },
  },
  { type: 'OrderAccepted', data: { amountDue: eur(2_000), paymentId: aPayment, paymentDueAt: dueAt } },
  { type: 'PaymentLinkAttached', data: { paymentId: aPayment, url: 'http://127.0.0.1/pay', expiresAt: dueAt } },
  {
    type: 'PaymentApplied',
    data: { paymentId: aPayment, intentId: 'pi_1', amount: eur(2_000), capturedTotal: eur(2_000), method: 'card' },
  },
  { type: 'OrderConfirmed', data: { basis: 'captured' } },
  { type: 'FulfilmentStarted', data: { tickets: [{ ticketId: aTicket }], shipLines: [] } },
  { type: 'FulfilmentProgressed', data: { stage: 'preparing' } },
  { type: 'FulfilmentProgressed', data: { stage: 'ready' } },
  {
    type: 'LinesFulfilled',
    data: {
      by: aTicket,
      lines: [
        { lineId: idOf('line', 1), qty: 2 },
        { lineId: idOf('line', 2), qty: 2 },
      ],
      how: 'handed_over',
    },
  },
  { type: 'OrderFulfilled', data: { at: later } },
  { type: 'OrderCompleted', data: { by: 'timer' } },
];

/** The life of an order whose stock is short. */
export const rejectedOrder = (orderId: OrderId = idOf('order', 2)): readonly OrderEvent[] => {
  const shortage = { lineId: idOf('line', 1), sku: sku('sku-1'), name: 'Thing 1', wanted: 2, available: 1 };
  return [
    { type: 'OrderPlaced', data: placedOrder({ orderId }) },
    { type: 'StockShort', data: { shortages: [shortage] } },
    {
      type: 'OrderRejected',
      data: { reasons: [{ type: 'insufficient-stock', text: 'Thing 1: 2 wanted, 1 available', ...shortage }] },
    },
  ];
};

export const servedTicket: readonly DomainEvent[] = [
  { type: 'TicketOpened', data: openedTicket() },
  { type: 'ItemStarted', data: { itemId: idOf('ticketItem', 1), station: 'main', by: 'cook' } },
  { type: 'ItemDone', data: { itemId: idOf('ticketItem', 1), station: 'main', by: 'cook' } },
  { type: 'ItemStarted', data: { itemId: idOf('ticketItem', 2), station: 'main', by: 'cook' } },
  { type: 'ItemDone', data: { itemId: idOf('ticketItem', 2), station: 'main', by: 'cook' } },
  { type: 'TicketReady', data: { readyAt: later } },
  { type: 'TicketHandedOver', data: { to: 'customer', handedOverAt: later } },
];

/** Ten on the shelf; one order takes four, another gives back three, somebody counts. */
export const busyStock: readonly DomainEvent[] = [
  {
    type: 'StockRegistered',
    data: {
      sku: sku('sku-1'),
      locationId: main,
      onHand: 10,
      threshold: 0,
      safety: 0,
      backorderLimit: 0,
      unit: 'piece',
    },
  },
  { type: 'StockReserved', data: { reservationId: idOf('reservation', 1), orderId: idOf('order', 1), qty: 4 } },
  { type: 'StockReserved', data: { reservationId: idOf('reservation', 2), orderId: idOf('order', 2), qty: 3 } },
  { type: 'ReservationConfirmed', data: { reservationId: idOf('reservation', 1) } },
  {
    type: 'ReservationReleased',
    data: { reservationId: idOf('reservation', 2), orderId: idOf('order', 2), qty: 3, why: 'expired' },
  },
  {
    type: 'StockConsumed',
    data: { reservationId: idOf('reservation', 1), orderId: idOf('order', 1), qty: 4, by: aTicket },
  },
  { type: 'StockAdjusted', data: { from: 6, to: 5, reason: 'counted' } },
];

export const changedOffer = (name = 'soup'): readonly DomainEvent[] => [
  { type: 'OfferDrafted', data: { sku: sku(name), ...soup } },
  { type: 'PriceSet', data: { price: eur(500), validFrom: at } },
  { type: 'OfferPublished', data: {} },
  { type: 'PriceSet', data: { price: eur(600), validFrom: later } },
];
