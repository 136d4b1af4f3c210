import type { DomainEvent } from '../../../../src/domain/events.js';
import type { LocationId } from '../../../../src/domain/kernel/ids.js';
import { orderStream, shipmentStream, ticketStream } from '../../../../src/domain/kernel/streams.js';
import { idOf, later, main, openedTicket, sku } from '../../../support/fixtures.js';
import { served, shelf, waiting } from '../installation.js';
import type { Planted } from './planted.js';

const sentTo = (transferId: string, qty: number): DomainEvent => ({
  type: 'TransferredOut',
  data: { transferId, sku: sku('sku-1'), from: main, to: 'harbour' as LocationId, qty },
});
const aReturn = idOf('return', 2);
const cameBack: DomainEvent = {
  type: 'LinesReturned',
  data: { returnId: aReturn, lines: [{ lineId: idOf('line', 1), qty: 2, condition: 'sellable' }], by: 'staff' },
};
const aShipment = idOf('shipment', 1);
const allotted: DomainEvent = {
  type: 'LinesAllotted',
  data: { shipmentId: aShipment, lines: [{ lineId: idOf('line', 1), qty: 1 }] },
};
const shipmentMade = (qty: number): DomainEvent => ({
  type: 'ShipmentCreated',
  data: {
    shipmentId: aShipment,
    orderId: served,
    orderNumber: 'ABCD-EFGH-JKMN-7',
    locationId: main,
    lines: [{ lineId: idOf('line', 1), sku: sku('sku-1'), name: 'Thing 1', qty }],
    createdAt: later,
  },
});

/** Kitchen, transfers, returns and shipments. */
export const ofGoods: readonly Planted[] = [
  {
    check: 'one-ticket-an-order',
    fault: 'the kitchen has no ticket of a confirmed order',
    log: (installation) => {
      installation.capture(waiting);
      installation.confirm(waiting);
    },
    tables: (installation) => installation.beat(10),
    where: orderStream(waiting),
    text: /the kitchen has no ticket/,
  },
  {
    check: 'one-ticket-an-order',
    fault: 'an order is cooked twice',
    log: (installation) =>
      installation.append(ticketStream(idOf('ticket', 7)), {
        type: 'TicketOpened',
        data: openedTicket({ ticketId: idOf('ticket', 7), orderId: served }),
      }),
    where: ticketStream(idOf('ticket', 7)),
    text: /another ticket than the one of order/,
  },
  {
    check: 'transfers-arrive',
    fault: 'what was sent to another location never came there',
    log: (installation) => installation.append(shelf(1), sentTo('t-1', 2)),
    where: shelf(1),
    text: /sent 2 by transfer t-1, of which 0 arrived/,
  },
  {
    check: 'transfers-arrive',
    fault: 'another location took in what nobody sent',
    log: (installation) =>
      installation.append(shelf(2), { type: 'TransferredIn', data: { transferId: 't-2', from: main, qty: 2 } }),
    where: shelf(2),
    text: /took transfer t-2 in, which nobody sent/,
  },
  {
    check: 'returns-are-restocked',
    fault: 'what came back of an order is on no shelf',
    log: (installation) => installation.append(orderStream(served), cameBack),
    where: orderStream(served),
    text: /brought back 2 to sell again at .*, which does not have it/,
  },
  {
    check: 'returns-are-restocked',
    fault: 'what can be sold again was written off',
    log: (installation) => {
      installation.append(orderStream(served), cameBack);
      installation.append(shelf(1), {
        type: 'StockWrittenOff',
        data: { returnId: `${aReturn}/0`, orderId: served, qty: 2 },
      });
    },
    where: orderStream(served),
    text: /brought back 2 to sell again at .*, which has 2 to write off/,
  },
  {
    check: 'returns-are-restocked',
    fault: 'a shelf has units again that nobody gave back',
    log: (installation) =>
      installation.append(shelf(1), {
        type: 'StockReturned',
        data: { returnId: `${aReturn}/0`, orderId: served, qty: 1 },
      }),
    where: shelf(1),
    text: /1 to sell again by return .*, which no order knows/,
  },
  {
    check: 'shipments-and-orders-agree',
    fault: 'a shipment has units that its order set aside for nothing',
    log: (installation) => installation.append(shipmentStream(aShipment), shipmentMade(1)),
    where: shipmentStream(aShipment),
    text: /set nothing aside for it/,
  },
  {
    check: 'shipments-and-orders-agree',
    fault: 'a shipment has more units than its order set aside',
    log: (installation) => {
      installation.append(orderStream(served), allotted);
      installation.append(shipmentStream(aShipment), shipmentMade(2));
    },
    where: shipmentStream(aShipment),
    text: /has other units than order .* set aside/,
  },
  {
    check: 'shipments-and-orders-agree',
    fault: 'a shipment has left and its order does not know it',
    log: (installation) => {
      installation.append(orderStream(served), allotted);
      installation.append(shipmentStream(aShipment), shipmentMade(1), {
        type: 'ShipmentDispatched',
        data: { carrier: 'post', dispatchedAt: later, by: 'staff/1' },
      });
    },
    where: shipmentStream(aShipment),
    text: /is in_transit, and order .* knows it as allotted/,
  },
  {
    check: 'shipments-and-orders-agree',
    fault: 'an order set units aside for a shipment that was never made',
    log: (installation) => installation.append(orderStream(served), allotted),
    where: orderStream(served),
    text: /set units aside for shipment .*, which does not exist/,
  },
];
