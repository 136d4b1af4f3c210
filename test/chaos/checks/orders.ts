import pg from 'pg';
import { isDeepStrictEqual } from 'node:util';
import { representOrder } from '../../../src/domain/order/index.js';
import type { Order } from '../../e2e/support/shop.js';
import type { Client } from '../load/client.js';
import { requestOf, type Visited } from '../load/customer.js';
import { type Check, checkEach, repeated } from './check.js';
import type { History } from './history.js';

/** Every acknowledged order is in the log as it was ordered, and its state fits what its customer was told. */
export function checkOrders(history: History, visits: readonly Visited[]): readonly Check[] {
  const visited = new Set(visits.map(({ orderId }) => `order-${orderId}`));
  return [
    checkEach('every acknowledged order is there, as it was ordered', visits, ({ orderId, plan }) => {
      const order = history.orders.get(`order-${orderId}`)?.state;
      if (order === undefined) return `${orderId}, acknowledged to ${plan.key}, is not in the log`;
      const lines = order.details.lines.map(({ sku, qty }) => ({ sku: String(sku), quantity: qty }));
      if (!isDeepStrictEqual(lines, plan.lines)) return `${orderId} has other lines than ${plan.key} ordered`;
      return String(order.details.merchantOrderNo) === String(plan.merchantOrderNo)
        ? undefined
        : `${orderId} has another number than ${plan.key} gave it`;
    }),
    checkEach('no order is there that nobody placed', history.orders.keys(), (stream) =>
      visited.has(stream) ? undefined : `${stream} belongs to nobody`,
    ),
    {
      name: 'no two requests have one order, and none has two',
      looked: visits.length,
      differences: [...repeated(visits.map(({ orderId }) => orderId))].map(
        ([id, count]) => `${id} was given to ${count} customers`,
      ),
    },
    checkEach('every order is as its customer was told', visits, (visit) => misfit(history, visit)),
  ];
}

function misfit({ orders }: History, { orderId, plan, paid, cancelled }: Visited): string | undefined {
  const order = orders.get(`order-${orderId}`)?.state;
  if (order === undefined) return undefined;
  const story = `${orderId} (${plan.fate}) is ${order.status}`;
  if (cancelled && order.status !== 'cancelled') return `${story}, but was called off`;
  if (order.status === 'cancelled' && !cancelled && !plan.fate.includes('cancel'))
    return `${story}, and nobody asked for it`;
  if (paid && order.captured.amount !== order.details.total.amount) {
    return `${story}, was paid ${order.details.total.amount}, and counts ${order.captured.amount}`;
  }
  if (!paid && order.captured.amount > 0) return `${story}, was not paid, and counts ${order.captured.amount}`;
  const dead = ['cancelled', 'expired', 'rejected'].includes(order.status);
  if (paid && !dead && !['fulfilled', 'completed'].includes(order.status)) return `${story} although it is paid`;
  return undefined;
}

/** Every order is finished or has a timer that runs. */
export async function checkFinished(history: History, postgresUrl: string): Promise<Check> {
  const client = new pg.Client({ connectionString: postgresUrl });
  await client.connect();
  const { rows } = await client
    .query<{ correlation: string }>(
      'SELECT DISTINCT correlation FROM timers WHERE fired_at IS NULL AND NOT cancelled AND due_at > now()',
    )
    .finally(() => client.end());
  const timers = new Set(rows.map(({ correlation }) => correlation));
  const final = new Set(['completed', 'cancelled', 'expired', 'rejected']);
  return checkEach('every order is finished or has a timer that runs', history.orders, ([stream, { state }]) =>
    final.has(state.status) || timers.has(state.details.orderId)
      ? undefined
      : `${stream} is ${state.status}, and no timer runs for it`,
  );
}

const SIDE_BY_SIDE = 16;

/** What the shop shows of each order is what its events fold to; and its list has all of them. */
export async function checkShownOrders(history: History, client: Client): Promise<readonly Check[]> {
  const differences: string[] = [];
  const orders = [...history.orders];
  const look = async (): Promise<void> => {
    for (let next = orders.pop(); next !== undefined; next = orders.pop()) {
      const [stream, { state, revision }] = next;
      const expected: unknown = JSON.parse(JSON.stringify(representOrder(state, revision)));
      const { body } = await client.ask<Order>('GET', `/v1/orders/${state.details.orderId}`);
      // over HTTP how many there are is called otherwise: shown by the same program from the stream itself
      const folded = await client.ask<Order>('GET', `/v1/orders/${state.details.orderId}?revision=${revision}`);
      if (!isDeepStrictEqual(body, folded.body) || body.revision !== (expected as Order).revision) {
        differences.push(`${stream} is shown as ${JSON.stringify(body)}, and folds to ${JSON.stringify(expected)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, look));

  const listed: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { body } = await client.ask<{ readonly items: readonly Order[]; readonly next: string | null }>(
      'GET',
      `/v1/orders?limit=100${query}`,
    );
    listed.push(...body.items.map(({ id }) => `order-${id}`));
    cursor = body.next;
  }
  const inList = new Set(listed);
  return [
    { name: 'every order is shown as its events fold', looked: history.orders.size, differences },
    {
      name: 'the list of orders has each once',
      looked: listed.length,
      differences: [
        ...[...repeated(listed).keys()].map((stream) => `${stream} is listed twice`),
        ...[...history.orders.keys()]
          .filter((stream) => !inList.has(stream))
          .map((stream) => `${stream} is not listed`),
        ...listed.filter((stream) => !history.orders.has(stream)).map((stream) => `${stream} is listed, and not there`),
      ],
    },
  ];
}

/** A request that comes again after everything has its answer as the first time. */
export async function checkRepeats(visits: readonly Visited[], client: Client, sample: number): Promise<Check> {
  const differences: string[] = [];
  const chosen = visits.slice(-sample);
  for (const { plan, orderId } of chosen) {
    const { status, body } = await client.ask<Order>('POST', '/v1/orders', requestOf(plan));
    if (status !== 201 || body.id !== orderId) {
      differences.push(`${plan.key} placed ${orderId}, and now is answered with ${status} ${JSON.stringify(body)}`);
    }
  }
  return { name: 'a request that comes again finds its order', looked: chosen.length, differences };
}
