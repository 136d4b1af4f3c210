import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Line, Order, Shop } from './shop.js';

/** What a customer does with an order once it is placed. */
export type Fate = 'pay' | 'cancel' | 'leave' | 'pay and cancel at once';

/** What a customer has been told, for certain. */
export interface Customer {
  readonly key: string;
  readonly fate: Fate;
  readonly lines: readonly Line[];
  /** The order that the shop acknowledged. */
  order: Order;
  /** Status of the payment page's first definite answer. */
  paying?: number;
  /** Status of the first definite answer to the cancellation. */
  cancelling?: number;
}

/** Numbers from 0 up to, not including, 1, the same for the same seed. */
export function numbers(seed: string): () => number {
  let count = 0;
  return () => {
    count += 1;
    return createHash('sha256').update(`${seed}/${count}`).digest().readUInt32BE() / 2 ** 32;
  };
}

const PATIENCE_MS = 180_000;
const AGAIN_MS = 50;

/** Whoever asks was cut off, or is told to come back: 503 is the one server error that a crash may show. */
const comesBack = ({ status }: { readonly status: number }): boolean => status === 503;

/**
 * Asks until there is a definite answer, as a client that never gives up does: the same request again after a lost
 * connection, which leaves open whether it was carried out, and after 503.
 */
async function persistently<T extends { readonly status: number }>(what: string, ask: () => Promise<T>): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    let lost: unknown;
    try {
      const answer = await ask();
      if (answer.status >= 500 && !comesBack(answer)) {
        throw new Error(`${what} was answered with ${answer.status}: ${JSON.stringify(answer)}`);
      }
      if (!comesBack(answer)) return answer;
    } catch (error) {
      // a refused or broken connection, or half a body; everything else is a fault of the shop
      if (!(error instanceof TypeError || error instanceof SyntaxError)) throw error;
      lost = error;
    }
    if (performance.now() > end) throw new Error(`${what}: no answer for ${PATIENCE_MS} ms`, { cause: lost });
    await sleep(AGAIN_MS);
  }
}

/** One customer from the order to what the fate asks for; resolves when all of it was answered definitely. */
export async function visit(shop: Shop, key: string, fate: Fate, lines: readonly Line[]): Promise<Customer> {
  const placed = await placeOrder(shop, key, lines);
  if (placed.status !== 201) throw new Error(`order ${key}: ${placed.status} ${JSON.stringify(placed.body)}`);
  const customer: Customer = { key, fate, lines, order: placed.body };
  if (fate === 'leave') return customer;
  if (fate === 'cancel') {
    await cancel(shop, customer);
    return customer;
  }
  const order = await untilItCanBePaid(shop, customer.order);
  if (order.payment.link === undefined) return customer;
  await Promise.all([pay(order, customer), ...(fate === 'pay' ? [] : [cancel(shop, customer)])]);
  return customer;
}

export const placeOrder = (shop: Shop, key: string, lines: readonly Line[]): Promise<Answer<Order>> =>
  persistently(`order ${key}`, () => shop.order(lines, { key, wait: 1 }));

async function untilItCanBePaid(shop: Shop, placed: Order): Promise<Order> {
  const end = performance.now() + PATIENCE_MS;
  for (let order = placed; ;) {
    if (order.payment.link !== undefined || order.status === 'rejected') return order;
    if (performance.now() > end) throw new Error(`${order.id} is ${order.status} and cannot be paid`);
    await sleep(AGAIN_MS);
    const answer = await persistently(`order ${order.id}`, () => shop.ask<Order>('GET', `/v1/orders/${order.id}`));
    if (answer.status !== 200) throw new Error(`an acknowledged order is gone: ${order.id}: ${answer.status}`);
    order = answer.body;
  }
}

async function pay({ id, payment: { link = '' } }: Order, customer: Customer): Promise<void> {
  const answer = await persistently(`payment of ${id}`, () =>
    fetch(link, { method: 'POST', body: new URLSearchParams({ outcome: 'succeed' }) }),
  );
  customer.paying = answer.status;
}

async function cancel(shop: Shop, customer: Customer): Promise<void> {
  const path = `/v1/orders/${customer.order.id}/cancellations`;
  const answer = await persistently(path, () =>
    shop.ask('POST', path, { body: { reason: 'changed my mind' }, headers: { 'idempotency-key': 'cancel' } }),
  );
  customer.cancelling = answer.status;
}

interface Ticket {
  readonly id: string;
  readonly orderId: string;
  readonly state: string;
}
interface Board {
  readonly items: readonly Ticket[];
}

/** Every ticket, whatever its state. */
export async function allTickets(shop: Shop): Promise<readonly Ticket[]> {
  const states = 'state=queued&state=preparing&state=ready&state=handed_over&state=cancelled';
  return (await shop.get<Board>(`/v1/kitchen/tickets?${states}&limit=200`)).items;
}

/** Makes and hands over whatever comes up on the board, until `closed`; what was lost on the way is done again. */
export async function cook(shop: Shop, closed: AbortSignal): Promise<void> {
  while (!closed.aborted) {
    const board = await persistently('the board', () => shop.ask<Board>('GET', '/v1/kitchen/tickets'));
    for (const { id, state } of board.body.items) {
      for (const step of state === 'ready' ? ['hand-over'] : ['bump', 'hand-over']) {
        const path = `/v1/kitchen/tickets/${id}/${step}`;
        const { status, body } = await persistently(path, () => shop.ask<{ readonly detail?: string }>('POST', path));
        // called off between the look at the board and the hand on the ticket
        if (status === 409 && body.detail?.startsWith('it is cancelled')) break;
        if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
      }
    }
    await sleep(2 * AGAIN_MS);
  }
}
