#!/usr/bin/env node
// A real shop's morning on Comanda: offers, stock, orders, payments, packing, and the sums at the end. See examples/README.md.
import { join } from 'node:path';
import { Client, type Order, sideBySide } from './client.js';
import { readMorning } from './invoices.js';
import { type Outcome, placeAndPay, timeToFulfilled, untilDone, viewsThatDiffer } from './orders.js';
import { withBar } from './progress.js';
import { type Check, printReport } from './report.js';
import { findOrStartServer, type Server } from './server.js';
import { differences, onHand, plus, stockTheShop, taken } from './stock.js';

const ORDERS_SIDE_BY_SIDE = 8;

async function run(server: Server): Promise<boolean> {
  const client = new Client(server.url);
  const morning = await readMorning(join(import.meta.dirname, '../online-retail-2010-12-01.csv'));
  const { checks } = await client.get<{ checks: readonly { name: string }[] }>('/readyz');
  const kitchenSimulator = checks.some(({ name }) => name === 'kitchen simulator');
  console.log(
    `${morning.orders.length} orders of ${morning.offers.length} offers, on ${server.url}, packed ${kitchenSimulator ? 'by the kitchen simulator' : 'over HTTP'}.`,
  );

  await withBar('offers and stock', morning.offers.length, (step) => stockTheShop(client, morning.offers, step));
  const before = await ordersOf(
    client,
    morning.orders.map(({ invoice }) => invoice),
  );
  const stockAtStart = plus(await onHand(client, morning.offers), await taken(client, before));

  const outcomes: Outcome[] = [];
  const began = performance.now();
  await withBar('placed and paid', morning.orders.length, (step) =>
    sideBySide(morning.orders, ORDERS_SIDE_BY_SIDE, async (order) => {
      outcomes.push(await placeAndPay(client, order));
      step();
    }),
  );
  const placingSeconds = (performance.now() - began) / 1000;
  const ids = outcomes.map(({ order }) => order.id);
  const orders = await withBar('packed and handed over', ids.length, (step) =>
    untilDone(client, ids, { cook: !kitchenSimulator, finished: step }),
  );

  const placedNow = outcomes.filter((outcome) => outcome.placedNow);
  const toFulfilled = await Promise.all(placedNow.map(({ order }) => timeToFulfilled(client, order.id)));
  const findings = await check(client, morning, orders, stockAtStart);
  printReport(
    morning,
    {
      orders,
      placedNow: placedNow.length,
      placingSeconds,
      toPaymentLink: outcomes.flatMap(({ toPaymentLink }) => toPaymentLink ?? []),
      toFulfilled: toFulfilled.flatMap((ms) => ms ?? []),
    },
    findings,
  );
  return findings.every(({ wrong }) => wrong.length === 0);
}

async function check(
  client: Client,
  morning: Awaited<ReturnType<typeof readMorning>>,
  orders: readonly Order[],
  stockAtStart: ReadonlyMap<string, number>,
): Promise<Check[]> {
  const invoices = new Set(orders.map(({ merchantOrderNo }) => merchantOrderNo));
  const stored = await ordersOf(
    client,
    [...invoices].flatMap((invoice) => invoice ?? []),
  );
  const stockNow = plus(await onHand(client, morning.offers), await taken(client, orders));
  return [
    {
      what: 'every invoice that can be ordered is an order, once',
      wrong: morning.orders
        .filter(({ invoice }) => stored.filter(({ merchantOrderNo }) => merchantOrderNo === invoice).length !== 1)
        .map(({ invoice }) => `invoice ${invoice}`),
    },
    {
      what: 'the read model of each order equals the fold of its stream',
      wrong: await viewsThatDiffer(
        client,
        orders.map(({ id }) => id),
      ),
    },
    {
      what: 'stock on hand + units handed over = stock at the start, for every sku',
      wrong: differences(stockAtStart, stockNow).map(
        ({ sku, expected, actual }) => `${sku}: ${expected} at the start, ${actual} now`,
      ),
    },
  ];
}

/** The orders that stand under these merchant numbers, by the list of the read model. */
async function ordersOf(client: Client, merchantOrderNos: readonly string[]): Promise<Order[]> {
  const wanted = new Set(merchantOrderNos);
  const orders: Order[] = [];
  for await (const order of client.items<Order>('/v1/orders')) {
    if (order.merchantOrderNo !== undefined && wanted.has(order.merchantOrderNo)) orders.push(order);
  }
  return orders;
}

let server: Server | undefined;
try {
  server = await findOrStartServer({ kitchenSimulator: true });
  process.exitCode = (await run(server)) ? 0 : 1;
} catch (error) {
  console.error(`demo: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await server?.stop();
}
