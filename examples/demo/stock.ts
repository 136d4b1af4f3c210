import type { Client, Order, Stock, Ticket } from './client.js';
import { sideBySide } from './client.js';
import type { DemoOffer } from './invoices.js';

/** Units by sku. */
export type Units = ReadonlyMap<string, number>;

/** Puts every offer on sale (replacing what stands there) and sets its stock where there is none yet. */
export async function stockTheShop(client: Client, offers: readonly DemoOffer[], step: () => void): Promise<void> {
  await sideBySide(offers, 8, async ({ sku, name, pence, units }) => {
    const path = encodeURIComponent(sku);
    await client.request('PUT', `/v1/offers/${path}`, {
      headers: (await exists(client, `/v1/offers/${path}`)) ? { 'if-match': '*' } : {},
      body: { name, price: { amount: pence, currency: 'GBP' }, trackStock: true, station: 'packing', prepSeconds: 1 },
    });
    if (!(await exists(client, `/v1/stock/${path}/main`))) {
      await client.request('PUT', `/v1/stock/${path}/main`, { body: { onHand: units } });
    }
    step();
  });
}

const exists = async (client: Client, path: string): Promise<boolean> =>
  (await client.request('GET', path, { expect: [200, 404] })).status === 200;

/** What lies on the shelves now, straight from the stock levels. */
export async function onHand(client: Client, offers: readonly DemoOffer[]): Promise<Units> {
  const units = new Map<string, number>();
  await sideBySide(offers, 8, async ({ sku }) => {
    units.set(sku, (await client.get<Stock>(`/v1/stock/${encodeURIComponent(sku)}/main`)).onHand);
  });
  return units;
}

/** Units that left the shelves: handed over with their orders, or taken by a ticket that is still being packed. */
export async function taken(client: Client, orders: readonly Order[]): Promise<Units> {
  const units = new Map<string, number>();
  const count = (sku: string, quantity: number) => units.set(sku, (units.get(sku) ?? 0) + quantity);
  for (const order of orders) {
    if (['fulfilled', 'completed'].includes(order.status))
      for (const line of order.lines) count(line.sku, line.quantity);
  }
  const packing = new Set(
    orders.filter(({ status }) => ['confirmed', 'in_fulfilment'].includes(status)).map(({ id }) => id),
  );
  if (packing.size > 0) {
    const { items: tickets } = await client.get<{ items: readonly Ticket[] }>('/v1/kitchen/tickets');
    for (const ticket of tickets.filter(({ orderId }) => packing.has(orderId))) {
      for (const item of ticket.items) if (item.state !== 'queued') count(item.sku, item.quantity ?? item.qty ?? 0);
    }
  }
  return units;
}

/** The skus where the two sums differ, with both. */
export function differences(
  expected: Units,
  actual: Units,
): readonly { sku: string; expected: number; actual: number }[] {
  return [...expected].flatMap(([sku, units]) =>
    actual.get(sku) === units ? [] : [{ sku, expected: units, actual: actual.get(sku) ?? 0 }],
  );
}

export const plus = (a: Units, b: Units): Units =>
  new Map([...a].map(([sku, units]) => [sku, units + (b.get(sku) ?? 0)]));
