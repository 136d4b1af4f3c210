import { orderStream, ticketStream } from '../../../../src/domain/kernel/streams.js';
import { later, openedTicket, placedOrder } from '../../../support/fixtures.js';
import { linesCancelled } from '../../../unit/domain/order/histories.js';
import { rejected, reservation, shelf, ticket, waiting } from '../installation.js';
import { type Planted, query, stranger } from './planted.js';

/** Orders, what is set aside for them, and what they wait for. */
export const ofOrders: readonly Planted[] = [
  {
    check: 'stock-never-below-zero',
    fault: 'an item was oversold for a moment',
    log: (installation) => {
      installation.reserve(stranger, 1, 9);
      installation.append(shelf(1), {
        type: 'ReservationReleased',
        data: { reservationId: reservation(stranger, 1), orderId: stranger, qty: 9, why: 'cancelled' },
      });
    },
    where: `${shelf(1)}@5`,
    text: /reserved 9 of 6 that could be promised/,
  },
  {
    check: 'reservations-have-orders',
    fault: 'units are held for an order that does not exist',
    log: (installation) => installation.reserve(stranger, 1),
    where: `${shelf(1)} ${reservation(stranger, 1)}`,
    text: /which does not exist/,
  },
  {
    check: 'reservations-have-orders',
    fault: 'units are held for an order that was rejected',
    log: (installation) => installation.reserve(rejected, 1),
    where: `${shelf(1)} ${reservation(rejected, 1)}`,
    text: /still held for order .* which is rejected/,
  },
  {
    check: 'orders-have-reservations',
    fault: 'an order that waits has lost its units',
    log: (installation) =>
      installation.append(shelf(2), {
        type: 'ReservationReleased',
        data: { reservationId: reservation(waiting, 2), orderId: waiting, qty: 2, why: 'expired' },
      }),
    where: orderStream(waiting),
    text: /has no units set aside/,
  },
  {
    check: 'reservations-are-wanted',
    fault: 'units are held for a line that was called off',
    log: (installation) => installation.append(orderStream(waiting), linesCancelled({ 2: 1 }, { reason: 'no more' })),
    where: `${shelf(2)} ${reservation(waiting, 2)}`,
    text: /wants fewer of that line/,
  },
  {
    check: 'promises-agree',
    fault: 'a kitchen works for another time than its order says',
    log: (installation) => {
      const ticketId = ticket(waiting);
      const promised = { ticketId, orderId: waiting, promisedAt: later };
      installation.append(ticketStream(ticketId), { type: 'TicketOpened', data: openedTicket(promised) });
    },
    where: ticketStream(ticket(waiting)),
    text: /made for another time/,
  },
  {
    check: 'orders-are-on-their-way',
    fault: 'nobody works on a placed order',
    log: (installation) =>
      installation.append(orderStream(stranger), { type: 'OrderPlaced', data: placedOrder({ orderId: stranger }) }),
    where: orderStream(stranger),
    text: /nothing reserves its stock/,
  },
  {
    check: 'orders-are-on-their-way',
    fault: 'an order waits for its payment without a timer',
    tables: query('UPDATE timers SET cancelled = true'),
    where: orderStream(waiting),
    text: /without a timer/,
  },
  {
    check: 'timers-are-right',
    fault: 'a timer is about nothing',
    tables: query('UPDATE timers SET correlation = $1', stranger),
    where: `timer payment-deadline/${waiting}/0`,
    text: /which does not exist/,
  },
  {
    check: 'timers-are-right',
    fault: 'a timer is set for another moment',
    tables: query('UPDATE timers SET due_at = $1', later),
    where: `timer payment-deadline/${waiting}/0`,
    text: /another moment/,
  },
  {
    check: 'timers-are-right',
    fault: 'a timer did not fire',
    tables: (installation) => installation.beat(60),
    where: `timer payment-deadline/${waiting}/0`,
    text: /has been due since .* and did not fire/,
  },
  {
    check: 'orders-are-on-their-way',
    fault: 'an order is on hold without a timer that ends it',
    log: (installation) =>
      installation.append(orderStream(waiting), {
        type: 'OrderHeld',
        data: { kind: 'manual', detail: 'a strange order', decideBy: later, resumeTo: 'awaiting_payment' },
      }),
    where: orderStream(waiting),
    text: /on hold until .* without a timer/,
  },
];
