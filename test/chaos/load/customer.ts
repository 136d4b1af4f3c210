import { setTimeout as sleep } from 'node:timers/promises';
import type { Order } from '../../e2e/support/shop.js';
import type { CustomerPlan } from '../plan/customers.js';
import { type Answer, type Client, NoAnswer, ShopFault } from './client.js';

/** What a customer has been told, for certain. */
export interface Visited {
  readonly plan: CustomerPlan;
  readonly orderId: string;
  /** The provider took the money, or said that it had taken it before. */
  readonly paid: boolean;
  /** The shop called the order off. */
  readonly cancelled: boolean;
}

export interface Provider {
  readonly url: string;
  readonly secretKey: string;
}

const LOOK_AGAIN_MS = 250;

/** One customer from the order to the end of its fate; resolves when all of it was answered definitely. It waits so long for its link. */
export async function visit(
  plan: CustomerPlan,
  client: Client,
  provider: Provider,
  patienceMs: number,
): Promise<Visited> {
  const order = await place(plan, client);
  const visited = { plan, orderId: order.id, paid: false, cancelled: false };
  const think = (): Promise<void> => sleep(plan.thinkMs);
  if (plan.fate === 'cancel') {
    await think();
    return { ...visited, cancelled: await cancel(order.id, client, patienceMs) };
  }
  if (plan.fate === 'leave') return visited;
  const link =
    plan.fate === 'pay before the shop has the link'
      ? await linkAtProvider(order.id, client, provider, patienceMs)
      : await linkInShop(order, client, patienceMs);
  if (link === undefined) return visited;
  await think();
  switch (plan.fate) {
    case 'pay':
    case 'pay before the shop has the link':
      return { ...visited, paid: paid(await client.press(link, 'succeed')) };
    case 'decline, then pay':
      await client.press(link, 'decline');
      await think();
      return { ...visited, paid: paid(await client.press(link, 'succeed')) };
    case 'pay twice at once': {
      const answers = await Promise.all([client.press(link, 'succeed'), client.press(link, 'succeed')]);
      return { ...visited, paid: answers.some(paid) };
    }
    case 'pay when the time is over':
      // about then: a little before, at the same moment as the shop's own timer, or after
      await sleep(12_000 + 4 * plan.thinkMs);
      return { ...visited, paid: paid(await client.press(link, 'succeed')) };
    case 'transfer that succeeds':
    case 'transfer that fails':
      await client.press(link, 'process');
      await think();
      return {
        ...visited,
        paid: paid(await client.press(link, plan.fate === 'transfer that succeeds' ? 'succeed' : 'decline')),
      };
    case 'pay and cancel at once': {
      const [payment, cancelled] = await Promise.all([
        client.press(link, 'succeed'),
        cancel(order.id, client, patienceMs),
      ]);
      return { ...visited, paid: paid(payment), cancelled };
    }
  }
}

/** What the payment page says when the money is taken, now or before. */
const paid = ({ body }: Answer<{ readonly result?: string }>): boolean =>
  body.result === 'paid' || body.result === 'already_paid';

/** The request that a customer places an order with. */
export const requestOf = (plan: CustomerPlan) => ({
  body: {
    locationId: plan.location,
    mode: plan.mode,
    lines: plan.lines,
    ...(plan.merchantOrderNo === undefined ? {} : { merchantOrderNo: plan.merchantOrderNo }),
  },
  headers: { 'idempotency-key': plan.key, ...(plan.wait > 0 ? { prefer: `wait=${plan.wait}` } : {}) },
});

/** Sends the order as often as planned, at once; everybody must be told of the same one. */
async function place(plan: CustomerPlan, client: Client): Promise<Order> {
  const request = requestOf(plan);
  const answers = await Promise.all(
    Array.from({ length: plan.requests }, () => client.ask<Order>('POST', '/v1/orders', request)),
  );
  const [first] = answers;
  if (first === undefined) throw new Error('nobody was asked');
  for (const answer of answers) {
    if (answer.status !== 201 || answer.body.id !== first.body.id) {
      throw new ShopFault(`order ${plan.key} was answered with ${JSON.stringify(answers)}`);
    }
  }
  return first.body;
}

/** Calls the order off; where the kitchen has to be asked first, waits for what it says. */
async function cancel(id: string, client: Client, patienceMs: number): Promise<boolean> {
  const path = `/v1/orders/${id}/cancellations`;
  const { status, body } = await client.ask<Order>('POST', path, {
    body: { reason: 'changed my mind' },
    headers: { 'idempotency-key': 'cancel' },
  });
  if (status === 200) return true;
  if (status === 409) return false;
  if (status !== 202) throw new ShopFault(`${path}: ${status} ${JSON.stringify(body)}`);
  const end = performance.now() + patienceMs;
  for (let order = body; ;) {
    // a view may not know of it yet
    if (order.cancellation?.state === 'done') return true;
    if (order.cancellation?.state === 'declined') return false;
    if (performance.now() > end) throw new NoAnswer(`the kitchen never says whether ${id} can be called off`);
    await sleep(LOOK_AGAIN_MS);
    order = await look(id, client);
  }
}

async function look(id: string, client: Client): Promise<Order> {
  const { status, body } = await client.ask<Order>('GET', `/v1/orders/${id}`);
  if (status !== 200) throw new ShopFault(`an acknowledged order is gone: ${id}: ${status}`);
  return body;
}

/** Where to pay, as the shop says; undefined when the order came to an end before it could be paid. */
async function linkInShop(placed: Order, client: Client, patienceMs: number): Promise<string | undefined> {
  const end = performance.now() + patienceMs;
  for (let order = placed; ;) {
    if (order.payment.link !== undefined) return order.payment.link;
    if (order.status !== 'placed' && order.status !== 'awaiting_payment') return undefined;
    if (performance.now() > end) throw new NoAnswer(`${order.id} is ${order.status} and cannot be paid`);
    await sleep(LOOK_AGAIN_MS);
    order = await look(order.id, client);
  }
}

interface Sessions {
  readonly data: readonly { readonly client_reference_id: string | null; readonly url: string | null }[];
}

/** The payment page as the provider knows it, maybe before the shop does. */
async function linkAtProvider(
  orderId: string,
  client: Client,
  provider: Provider,
  patienceMs: number,
): Promise<string | undefined> {
  const end = performance.now() + patienceMs;
  while (performance.now() < end) {
    const { body } = await client.provider<Sessions>(provider, '/v1/checkout/sessions?limit=100');
    const found = body.data.find((session) => session.client_reference_id === orderId);
    if (found) return found.url ?? undefined;
    const order = await client.ask<Order>('GET', `/v1/orders/${orderId}`);
    if (order.status !== 200) throw new ShopFault(`an acknowledged order is gone: ${orderId}: ${order.status}`);
    if (order.body.status !== 'placed' && order.body.status !== 'awaiting_payment') return undefined;
  }
  throw new NoAnswer(`no session for ${orderId} at the provider`);
}
