import type { Client } from '../demo/client.js';
import type { Kitchen } from './kitchen.js';
import { LOCATION, TRUFFLES } from './menu.js';
import { isDead, isServed, type Order, orderOnce, pause } from './orders.js';
import type { Plan } from './plan.js';

/** What is given back as a favour, in minor units. */
export const FAVOUR = 200;

export interface Evening {
  readonly client: Client;
  readonly kitchen: Kitchen;
  /** Begins the keys of this evening's requests. */
  readonly name: string;
}

/** One order from its placing to its end, money aside: guest and staff do what the plan says. */
export async function live(plan: Plan, evening: Evening): Promise<Order> {
  const { client, kitchen } = evening;
  const placed = await place(plan, evening);
  const { id } = placed;
  const over = () => orderOnce(client, id, 'over', isDead);
  const confirmed = () =>
    orderOnce(client, id, 'confirmed', ({ status }) => status === 'confirmed' || status === 'in_fulfilment');

  switch (plan.story) {
    case 'paid':
      await pay(client, placed, ['succeed']);
      return served(client, id, plan);
    case 'declined, then paid':
      await pay(client, placed, ['decline', 'succeed']);
      return served(client, id, plan);
    case 'declined, given up':
      await pay(client, placed, ['decline']);
      return over();
    case 'never paid':
      return over();
    case 'paid too late': {
      const { payment } = await ready(client, placed);
      const order = await over();
      // the page was closed before the order ended: it takes nothing any more
      if (payment.link !== undefined) await client.pay(payment.link, 'succeed', [410]);
      return order;
    }
    case 'held before it is paid':
      await ready(client, placed);
      await client.request('POST', `/v1/orders/${id}/hold`, { body: { reason: 'is it for tonight?' }, expect: [201] });
      await decide(client, id, { decision: 'accept' });
      await pay(client, placed, ['succeed']);
      return served(client, id, plan);
    case 'called off before it is paid':
      await callOff(client, id, {});
      return over();
    case 'paid in the moment it is called off':
      kitchen.spared.add(id);
      await pay(client, placed, ['succeed']);
      await callOff(client, id, {});
      // what is digital is there as soon as it is paid for
      return orderOnce(client, id, 'over', (order) => isDead(order) || isServed(order));
    case 'called off in time':
      kitchen.spared.add(id);
      await pay(client, placed, ['succeed']);
      await confirmed();
      await callOff(client, id, {});
      return over();
    case 'called off too late':
      kitchen.lingering.add(id);
      await pay(client, placed, ['succeed']);
      await orderOnce(client, id, 'begun', ({ fulfilment }) => fulfilment.status === 'preparing');
      await callOff(client, id, {});
      await orderOnce(client, id, 'heard', ({ cancellation }) => cancellation?.state !== 'pending');
      kitchen.lingering.delete(id);
      return served(client, id, plan);
    case 'one unit less': {
      kitchen.spared.add(id);
      await pay(client, placed, ['succeed']);
      await confirmed();
      const line = placed.lines.find(({ quantity }) => quantity > 1);
      await callOff(client, id, { lines: [{ lineId: line?.lineId, qty: 1 }] });
      kitchen.spared.delete(id);
      return served(client, id, plan);
    }
    case 'something given back':
      await pay(client, placed, ['succeed']);
      await served(client, id, plan);
      return giveBack(evening, id, plan.number);
    case 'eaten, then paid':
      await served(client, id, plan);
      return payTheBill(client, id);
    case 'looked at, let go on':
      await decide(client, id, { decision: 'accept' });
      await pay(client, placed, ['succeed']);
      return served(client, id, plan);
    case 'too dear':
      return over();
    case 'short, with less': {
      const short = placed.lines.find(({ sku }) => sku === TRUFFLES.sku);
      await decide(client, id, { decision: 'amend', lines: [{ lineId: short?.lineId, qty: short?.quantity }] });
      await pay(client, placed, ['succeed']);
      return served(client, id, plan);
    }
    case 'short, declined':
      await decide(client, id, { decision: 'reject' });
      return over();
  }
}

async function place(
  { number, mode, story, lines, table, postalCode, tip }: Plan,
  { client, name }: Evening,
): Promise<Order> {
  const { body } = await client.request<Order>('POST', '/v1/orders', {
    headers: { 'idempotency-key': `${name}-${number}`, prefer: 'wait=30' },
    body: {
      locationId: LOCATION,
      mode,
      lines,
      onShortage: 'hold',
      ...(table === undefined ? {} : { table }),
      ...(story === 'eaten, then paid' ? { payLater: true } : {}),
      ...(postalCode === undefined
        ? {}
        : { address: { name: 'A guest', street: 'Via Breve 1', city: 'Genova', postalCode, country: 'IT' } }),
      ...(tip === undefined
        ? {}
        : 'amount' in tip
          ? { tip: { amount: tip.amount, currency: 'EUR' } }
          : { tipRateBp: tip.rateBp }),
    },
  });
  return body;
}

const ready = (client: Client, { id }: Order): Promise<Order> =>
  orderOnce(client, id, 'ready to be paid', (order) => order.payment.link !== undefined);

/** Presses these buttons of the payment page, one after the other, once there is a page. */
async function pay(client: Client, placed: Order, buttons: readonly ('succeed' | 'decline')[]): Promise<void> {
  const { payment } = await ready(client, placed);
  for (const button of buttons) if (payment.link !== undefined) await client.pay(payment.link, button);
}

/** 409: the order is over by now, which is for the books to see. */
const callOff = (client: Client, id: string, what: object): Promise<unknown> =>
  client.request('POST', `/v1/orders/${id}/cancellations`, {
    body: { reason: 'changed plans', ...what },
    headers: { 'idempotency-key': `${id}-off` },
    expect: [200, 202, 409],
  });

async function decide(client: Client, id: string, decision: object): Promise<void> {
  await orderOnce(client, id, 'held', ({ status }) => status === 'on_hold');
  await client.request('POST', `/v1/orders/${id}/hold/resolution`, {
    body: decision,
    headers: { 'idempotency-key': `${id}-decision` },
  });
}

/** Brings what is brought; what is handed over the counter or at the table is the kitchen's to do. */
async function served(client: Client, id: string, { mode }: Plan): Promise<Order> {
  const isDone = (order: Order) => isServed(order) || isDead(order);
  if (mode === 'shipping') {
    const { lines } = await orderOnce(client, id, 'to be packed', (order) => order.status === 'in_fulfilment');
    const { body: parcel } = await client.request<{ id: string }>('POST', `/v1/orders/${id}/shipments`, {
      headers: { 'idempotency-key': `${id}-parcel` },
      body: { lines: lines.map(({ lineId, quantity }) => ({ lineId, qty: quantity })) },
    });
    await onceThere(client, `/v1/shipments/${parcel.id}/pack`, {});
    await onceThere(client, `/v1/shipments/${parcel.id}/label`, { carrier: 'post', parcels: [{ weight: 900 }] });
    await labelled(client, parcel.id);
    // from here on it is the carrier's, who says when it is delivered
    await onceThere(client, `/v1/shipments/${parcel.id}/dispatch`, {});
  }
  if (mode === 'delivery') {
    for (;;) {
      const { items } = await client.get<{ items: readonly { id: string; allowed: readonly string[] }[] }>(
        `/v1/orders/${id}/shipments`,
      );
      const [bag] = items.filter(({ allowed }) => allowed.includes('deliver'));
      if (bag) {
        const to = `/v1/shipments/${bag.id}`;
        await client.request('POST', `${to}/courier`, { body: { courier: 'staff/2' }, expect: [200, 409] });
        await client.request('POST', `${to}/deliver`, { body: {}, expect: [200, 409] });
      }
      if (bag || isDone(await client.get<Order>(`/v1/orders/${id}`))) break;
      await pause(200);
    }
  }
  return orderOnce(client, id, 'served', isDone);
}

/** The carrier sells the label in its own time. */
async function labelled(client: Client, parcelId: string): Promise<void> {
  for (const deadline = Date.now() + 30_000; ; await pause(100)) {
    const { label } = await client.get<{ label?: { state: string } }>(`/v1/shipments/${parcelId}`);
    if (label?.state === 'bought') return;
    if (Date.now() > deadline) throw new Error(`${parcelId} has no label: ${label?.state ?? 'nobody asked for one'}`);
  }
}

/** A shipment begins to be there a moment after it was asked for. */
async function onceThere(client: Client, path: string, body: object): Promise<void> {
  for (const deadline = Date.now() + 30_000; ; await pause(100)) {
    const { status } = await client.request('POST', path, { body, expect: Date.now() < deadline ? [200, 404] : [200] });
    if (status === 200) return;
  }
}

async function giveBack({ client, name }: Evening, id: string, number: number): Promise<Order> {
  const { body } = await client.request<Order>('POST', `/v1/orders/${id}/refunds`, {
    headers: { 'idempotency-key': `${name}-${number}-favour` },
    body: { reason: 'it took long', amount: { amount: FAVOUR, currency: 'EUR' } },
    expect: [202],
  });
  return body;
}

/** Asks for the bill and pays it. */
async function payTheBill(client: Client, id: string): Promise<Order> {
  const { body: wish } = await client.request<{ paymentId: string }>('POST', `/v1/orders/${id}/payments`, {
    headers: { 'idempotency-key': `${id}-bill` },
  });
  for (const deadline = Date.now() + 60_000; ; await pause(150)) {
    const { body: bill } = await client.request<{ link?: string }>('GET', `/v1/payments/${wish.paymentId}`, {
      expect: Date.now() < deadline ? [200, 404] : [200],
    });
    if (bill.link === undefined) continue;
    await client.pay(bill.link, 'succeed');
    return orderOnce(client, id, 'paid for', ({ payment }) => payment.status === 'paid');
  }
}
