import type { Client, Order, Ticket } from './client.js';
import type { DemoOrder } from './invoices.js';

/** One order of the morning as it went through. Times are milliseconds; absent where an earlier run had done it. */
export interface Outcome {
  readonly order: Order;
  readonly placedNow: boolean;
  readonly toPaymentLink?: number;
}

const DONE = ['fulfilled', 'completed', 'rejected', 'expired', 'cancelled'];

/** Places an order under its invoice number and pays it. An order that is there already is taken up where it stands. */
export async function placeAndPay(client: Client, { invoice, lines }: DemoOrder): Promise<Outcome> {
  const sent = performance.now();
  const answer = await client.request<Order>('POST', '/v1/orders', {
    headers: { 'idempotency-key': `demo-${invoice}`, prefer: 'wait=30' },
    body: { locationId: 'main', mode: 'pickup', merchantOrderNo: invoice, lines },
  });
  const placedNow = answer.headers.get('idempotent-replayed') !== 'true';
  const order = await withPaymentLink(client, answer.body);
  const toPaymentLink = performance.now() - sent;
  if (order.status === 'awaiting_payment' && order.payment.link !== undefined)
    await client.pay(order.payment.link, 'succeed');
  return { order, placedNow, ...(placedNow && order.payment.link !== undefined ? { toPaymentLink } : {}) };
}

/** Waits, should the answer have come before there was a link to pay at. */
async function withPaymentLink(client: Client, order: Order): Promise<Order> {
  let current = order;
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await pause(100)) {
    if (current.status !== 'placed' && (current.status !== 'awaiting_payment' || current.payment.link !== undefined))
      return current;
    current = await client.get<Order>(`/v1/orders/${order.id}`);
  }
  return current;
}

/**
 * Waits until every order is at its end, cooking over HTTP where no kitchen simulator does.
 * @param finished called with the number of orders at their end
 */
export async function untilDone(
  client: Client,
  ids: readonly string[],
  options: { cook: boolean; finished: (count: number) => void },
): Promise<Order[]> {
  const open = new Set(ids);
  const done: Order[] = [];
  for (const deadline = Date.now() + 120_000; open.size > 0; await pause(150)) {
    if (options.cook) await cookAndHandOver(client, open);
    for (const id of open) {
      const order = await client.get<Order>(`/v1/orders/${id}`);
      if (!DONE.includes(order.status)) continue;
      open.delete(id);
      done.push(order);
      options.finished(done.length);
    }
    if (Date.now() > deadline)
      throw new Error(`${open.size} orders were not done within two minutes: ${[...open].slice(0, 3).join(', ')} …`);
  }
  return done;
}

async function cookAndHandOver(client: Client, orders: ReadonlySet<string>): Promise<void> {
  const { items } = await client.get<{ items: readonly Ticket[] }>('/v1/kitchen/tickets');
  for (const ticket of items.filter(({ orderId }) => orders.has(orderId))) {
    // 409: somebody else was quicker, which is what we want
    if (ticket.state === 'queued' || ticket.state === 'preparing') {
      await client.request('POST', `/v1/kitchen/tickets/${ticket.id}/bump`, { expect: [200, 409] });
    }
    if (ticket.state !== 'handed_over') {
      await client.request('POST', `/v1/kitchen/tickets/${ticket.id}/hand-over`, {
        body: { to: 'customer' },
        expect: [200, 409],
      });
    }
  }
}

/** Milliseconds from placed to fulfilled, by the order's own history. */
export async function timeToFulfilled(client: Client, id: string): Promise<number | undefined> {
  const { items } = await client.get<{ items: readonly { type: string; at: string }[] }>(`/v1/orders/${id}/timeline`);
  const at = (type: string) => items.find((item) => item.type === type)?.at;
  const [placed, fulfilled] = [at('OrderPlaced'), at('OrderFulfilled')];
  return placed === undefined || fulfilled === undefined ? undefined : Date.parse(fulfilled) - Date.parse(placed);
}

/** Orders whose read model says otherwise than the fold of their stream up to the same revision. */
export async function viewsThatDiffer(client: Client, ids: readonly string[]): Promise<string[]> {
  const differing: string[] = [];
  for (const id of ids) {
    const view = await client.get<Order>(`/v1/orders/${id}`);
    const folded = await client.get<Order>(`/v1/orders/${id}?revision=${view.revision}`);
    if (JSON.stringify(sorted(view)) !== JSON.stringify(sorted(folded))) differing.push(id);
  }
  return differing;
}

/** The same value with every object's keys in order, so that two of them compare as text. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

const pause = (ms: number): Promise<void> => new Promise((resume) => setTimeout(resume, ms));
