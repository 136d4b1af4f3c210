import { expect } from 'chai';
import type { ShipmentId } from '../../../src/domain/kernel/ids.js';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import { order, type OrderCommand } from '../../../src/domain/order/index.js';
import { anOrder, aPayment, dueAt, orderLine, placedOrder } from '../../support/fixtures.js';
import type { TestApi } from '../../support/inMemory/api.js';
import { type Ask, byTest } from './ask.js';

/** What is sent: packed and delivered, taken back, returned, lost. */
export async function sendParcels(ask: Ask, api: TestApi): Promise<void> {
  const lines = [orderLine(1, { qty: 4, track: false })];
  const free = { total: { amount: 0, currency: 'EUR' }, paymentMode: 'free' } as const;
  const gates = { check: 'skipped', stock: 'skipped', discounts: 'skipped' } as const;
  const commands: readonly OrderCommand[] = [
    {
      type: 'PlaceOrder',
      order: placedOrder({ mode: 'shipping', lines, gates, ...free }),
      acceptance: { paymentId: aPayment, paymentDueAt: dueAt },
      allowedModes: ['shipping'],
    },
    { type: 'StartFulfilment', tickets: [], shipLines: lines.map(({ lineId }) => lineId) },
  ];
  for (const command of commands) await api.executor.execute(order, orderStream(anOrder), command, byTest());
  const address = { name: 'A guest', street: 'Via Breve 1', city: 'Genova', postalCode: '16100', country: 'IT' };
  const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
  const moved = { body: { promisedAt: inDays(1), address } };
  const inTime = { ...moved, headers: { 'if-match': '*' } };
  await ask('changeDelivery', 428, { id: anOrder }, moved);
  await ask('changeDelivery', 200, { id: anOrder }, inTime);
  const parcel = async (key: string): Promise<{ readonly id: string }> => {
    const body = { lines: lines.map(({ lineId }) => ({ lineId, qty: 1 })) };
    const made = await ask('createShipment', 201, { id: anOrder }, { body, headers: { 'idempotency-key': key } });
    return { id: made.body.id as string };
  };
  const [arrives, stays, comesBack, isLost] = [
    await parcel('a'),
    await parcel('b'),
    await parcel('c'),
    await parcel('d'),
  ];
  const more = { lines: [{ lineId: lines[0]?.lineId, qty: 1 }] };
  await ask('createShipment', 409, { id: anOrder }, { body: more, headers: { 'idempotency-key': 'e' } });
  await ask('listShipments', 200, { id: anOrder });
  await ask('getShipment', 200, arrives);
  const listed = await ask('listAllShipments', 200, {}, { query: '?state=pending&limit=3' });
  expect(listed.body.items).to.have.length(3);
  await ask('listAllShipments', 400, {}, { query: '?cursor=x' });
  await ask('packShipment', 200, arrives);
  await ask('assignCourier', 200, arrives, { body: { courier: 'staff/7' } });
  await ask('assignCourier', 422, arrives, { body: { courier: 'Ada Lovelace' } });
  const booking = { body: { carrier: 'post', service: 'express', parcels: [{ weight: 1200, length: 400 }] } };
  await ask('buyShipmentLabel', 200, arrives, booking);
  await ask('buyShipmentLabel', 409, arrives, booking);
  const post = { body: { carrier: 'post', trackingNo: 'RR1' } };
  for (const parcelThatLeaves of [arrives, comesBack, isLost]) {
    await ask('dispatchShipment', 200, parcelThatLeaves, post);
  }
  const why = { body: { reason: 'nobody there' } };
  await ask('failDelivery', 200, arrives, why);
  await ask('deliverShipment', 200, arrives);
  await ask('returnShipment', 200, comesBack, why);
  await ask('loseShipment', 200, isLost, why);
  const shipmentId = arrives.id as ShipmentId;
  const left: OrderCommand = { type: 'RecordDispatch', shipmentId, carrier: 'post' };
  await api.executor.execute(order, orderStream(anOrder), left, byTest());
  await ask('changeDelivery', 409, { id: anOrder }, { ...inTime, body: { promisedAt: inDays(2) } });
  await ask('cancelShipment', 200, stays, why);
  await ask('cancelShipment', 409, arrives, why);
}
