import { order, type OrderCommand } from '../../../src/domain/order/index.js';
import { isCreated, shipment, type Shipment, type ShipmentCommand } from '../../../src/domain/shipment/index.js';
import { payment, type PaymentCommand } from '../../../src/domain/payment/index.js';
import { stock, type Stock, type StockCommand } from '../../../src/domain/stock/index.js';
import { reservationOf } from '../../../src/domain/stock/state.js';
import { ticket, type Ticket, type TicketCommand } from '../../../src/domain/ticket/index.js';
import { aReservation, at, eur, idOf, later, openedTicket, orderLine, placedOrder } from '../fixtures.js';
import * as orders from '../../unit/domain/order/histories.js';
import * as payments from '../../unit/domain/payment/histories.js';
import * as shipments from '../../unit/domain/shipment/histories.js';
import * as labels from '../../unit/domain/shipment/labels.js';
import * as stocks from '../../unit/domain/stock/histories.js';
import * as tickets from '../../unit/domain/ticket/histories.js';
import { diagram, transitionsOf, transitionsWithin } from './transitions.js';

const nothingToWaitFor = { check: 'skipped', stock: 'skipped', discounts: 'skipped' } as const;
const held = (resumeTo: 'placed' | 'awaiting_payment' | 'confirmed') => orders.orderHeld({ resumeTo });

/** Every status of an order, and those in which one thing more decides where it goes. */
const orderStates = {
  ...orders.histories,
  'all but the check': [
    orders.orderPlaced({ gates: { check: 'required', stock: 'required', discounts: 'skipped' } }),
    orders.stockSecured,
  ],
  'held before payment': [...orders.histories.awaiting_payment, held('awaiting_payment')],
  'held after payment': [...orders.histories.confirmed, held('confirmed')],
  'held in the kitchen': [...orders.histories.confirmed, held('confirmed'), orders.fulfilmentStarted],
  'held, paid meanwhile': [...orders.histories.awaiting_payment, held('awaiting_payment'), orders.paymentApplied()],
  'held, its stock there meanwhile': [...orders.histories.on_hold, orders.stockSecured],
  'to be cancelled': [...orders.histories.confirmed, orders.cancellationRequested],
  'to be cancelled in the kitchen': [...orders.histories.in_fulfilment, orders.cancellationRequested],
  'would rather wait': [orders.orderPlaced({ onShortage: 'hold' })],
  'partly handed over': [...orders.histories.in_fulfilment, orders.linesFulfilled(orders.unitsOf({ 1: 2 }))],
  'a parcel of it on hold': [
    ...orders.shipped.allotted.slice(0, 6),
    held('confirmed'),
    ...orders.shipped.allotted.slice(6),
  ],
  'a part of it paid': [...orders.histories.awaiting_payment, orders.paymentApplied(500)],
  'costs nothing': [orders.orderPlaced({ total: { amount: 0, currency: 'EUR' }, paymentMode: 'free' })],
};
const orderCommands: readonly OrderCommand[] = [
  ...Object.values(orders.commands),
  { ...orders.commands.RecordCheckResult, verdict: 'failed' },
  { ...orders.commands.RecordCheckResult, verdict: 'review' },
  { ...orders.commands.HoldOrder, kind: 'mismatch' },
  { ...orders.commands.ResolveHold, decision: 'reject' },
  { ...orders.commands.ResolveHold, decision: 'reject', by: 'system', at: later },
  { ...orders.commands.CancelLines, lines: orders.allLines },
  { ...orders.commands.CancelLines, lines: orders.unitsOf({ 2: 2 }) },
  { ...orders.commands.PlaceOrder, order: placedOrder({ gates: nothingToWaitFor }) },
  {
    ...orders.commands.PlaceOrder,
    order: placedOrder({ gates: nothingToWaitFor, lines: [orderLine(1, { unitPrice: eur(0) })], paymentMode: 'free' }),
  },
];

const paymentStates = {
  ...payments.histories,
  'processing before its page is noted': [payments.opened, payments.processing],
  'another amount came': payments.otherAmount.came,
  'another amount is held': payments.otherAmount.held,
};

const paymentCommands: readonly PaymentCommand[] = [
  ...Object.values(payments.commands),
  payments.tell(payments.observed({ sessionStatus: 'complete', method: 'bank' })),
  payments.tell(payments.observed({ sessionStatus: 'expired' })),
  payments.tell(payments.observed({ sessionStatus: 'complete', held: 'authorized', intentId: 'pi_1' })),
  payments.tell(payments.observed({ sessionStatus: 'complete', held: 'released', intentId: 'pi_1' })),
  payments.tell(payments.observed({ lastError: { code: 'card_declined', attemptId: 'ch_1' } })),
  payments.tell(
    payments.observed({ sessionStatus: 'complete', lastError: { code: 'card_declined', attemptId: 'ch_1' } }),
  ),
];

const shipmentCommands: readonly ShipmentCommand[] = [
  ...Object.values(shipments.commands),
  { ...shipments.commands.DeliverShipment, reason: 'it was found' },
  ...shipments.carrierStatuses.map((status) => shipments.told(status)),
];

const labelCommands: readonly ShipmentCommand[] = [
  ...Object.values(labels.labelCommands),
  { ...labels.soldLabel, answer: { status: 'refused', reason: 'too heavy' } },
  { ...shipments.commands.RecordLabelVoid, answer: { status: 'refused', reason: 'it was scanned' } },
];
const labelStatus = (state: Shipment): string => (isCreated(state) ? (state.label?.state ?? 'none') : 'none');

const unusedStatus = (state: Shipment): string => (isCreated(state) ? (state.unused?.[0]?.state ?? 'none') : 'none');

const ticketCommands: readonly TicketCommand[] = [
  ...Object.values(tickets.commands),
  { ...tickets.commands.OpenTicket, ticket: openedTicket({ fireAt: later }) },
  { ...tickets.commands.ChangePromise, fireAt: at },
  { ...tickets.commands.CancelTicket, force: true },
  { ...tickets.commands.VoidItem, force: true },
  { ...tickets.commands.VoidItem, itemId: idOf('ticketItem', 2) },
];
/** The first item of a ticket: whole tickets of one item, too, so that it is seen what its last unit does. */
const [firstItem] = openedTicket().items;
const ticketStates = {
  ...tickets.histories,
  ...Object.fromEntries(
    Object.entries({ queued: [], preparing: [tickets.started()] }).map(([name, more]) => [
      `of one item, ${name}`,
      [{ type: 'TicketOpened', data: openedTicket({ items: firstItem ? [firstItem] : [] }) } as const, ...more],
    ]),
  ),
  'one item done, the other begun': [tickets.opened, tickets.started(1), tickets.done(1), tickets.started(2)],
  'one item left': [tickets.opened, tickets.started(1), tickets.done(1), tickets.voidedItem(2, 1)],
};
const itemStatus = (state: Ticket): string => ('items' in state ? (state.items[0]?.state ?? 'none') : 'none');

/** Of the same order as the one that is drawn. */
const another = idOf('reservation', 2);
const stockCommands: readonly StockCommand[] = [
  ...Object.values(stocks.commands),
  { ...stocks.commands.ReduceReservation, keep: 0 },
  stocks.consume(4),
  stocks.consume(1),
  { ...stocks.commands.ReserveStock, from: [{ reservationId: another, qty: 3 }] },
  { ...stocks.restore(1), to: [{ reservationId: another, keep: 3 }] },
];
const stockStates = {
  ...stocks.histories,
  'another reservation of the order': [stocks.registered(), stocks.reserved(3, 2)],
  'taken over from it': [stocks.registered(), stocks.reserved(3, 2), stocks.carriedOver(3, 2, 1)],
};
const reservationStatus = (state: Stock): string => reservationOf(state, aReservation)?.status ?? 'none';

/** The page of state machines, drawn from the deciders. */
export const stateMachines = (): string =>
  [
    '# State machines',
    '',
    'Drawn by `npm run diagrams`, which asks each decider what every command leads to in every status, and in states of it in which',
    'one thing more decides: an arrow names events by which a status changes. A test fails when this page and the deciders differ.',
    '',
    '## Order',
    '',
    diagram(transitionsOf(order, orderStates, orderCommands)),
    '',
    '## Payment',
    '',
    diagram(transitionsOf(payment, paymentStates, paymentCommands)),
    '',
    '## Shipment',
    '',
    diagram(transitionsOf(shipment, shipments.histories, shipmentCommands)),
    '',
    '### The label of a shipment',
    '',
    diagram(transitionsWithin(shipment, labels.labelHistories, labelCommands, labelStatus)),
    '',
    '### A label that was bought and is not used',
    '',
    diagram(transitionsWithin(shipment, labels.labelHistories, labelCommands, unusedStatus)),
    '',
    '## Kitchen ticket',
    '',
    diagram(transitionsOf(ticket, ticketStates, ticketCommands)),
    '',
    '### An item of a ticket',
    '',
    diagram(transitionsWithin(ticket, ticketStates, ticketCommands, itemStatus)),
    '',
    '## Reservation of a stock item',
    '',
    diagram(transitionsWithin(stock, stockStates, stockCommands, reservationStatus)),
    '',
  ].join('\n');
