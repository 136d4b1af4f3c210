#!/usr/bin/env node
// An evening in a restaurant: a hundred orders of every kind, and books that agree with the payment provider's to the cent.
import { parseArgs } from 'node:util';
import { Client, sideBySide } from '../demo/client.js';
import { findOrStartServer, type Server } from '../demo/server.js';
import { withBar } from '../demo/progress.js';
import { closeTheBooks, storiesOf, tableOf, whatIsWrong } from './books.js';
import { live } from './guests.js';
import { Kitchen } from './kitchen.js';
import { LOCATION, open, shelvesWithPromises } from './menu.js';
import type { Order } from './orders.js';
import { type Plan, planOf } from './plan.js';

/** As many guests as a waiter can bear. */
const AT_ONCE = 10;

async function run(server: Server, seed: number): Promise<boolean> {
  const client = new Client(server.url);
  const plans = planOf(seed);
  console.log(`An evening of ${plans.length} orders on ${server.url}, seed ${seed}.`);
  await open(client);

  const kitchen = new Kitchen(client, LOCATION);
  const ended: { plan: Plan; order: Order }[] = [];
  const name = `evening-${seed}-${Date.now()}`;
  await withBar('orders that are over', plans.length, (step) =>
    kitchen.during(
      sideBySide(plans, AT_ONCE, async (plan) => {
        const order = await live(plan, { client, kitchen, name });
        ended.push({ plan, order });
        step();
      }),
    ),
  );
  if (client.paymentPage === undefined) throw new Error('no order had a link to pay at');
  const entries = await closeTheBooks(client, new URL('/simulator/ledger', client.paymentPage).href, ended);
  await kitchen.close();

  console.log(storiesOf(entries));
  console.log(tableOf(entries));
  const wrong = entries.flatMap(whatIsWrong);
  const promised = await shelvesWithPromises(client);
  report('every cent that was taken and given back is in the ledger of the payment provider, order by order', wrong);
  report('nothing on the shelves is promised to an order that is over', promised);
  return wrong.length === 0 && promised.length === 0;
}

function report(what: string, wrong: readonly string[]): void {
  console.log(`${wrong.length === 0 ? 'holds' : 'FAILS'}  ${what}`);
  for (const line of wrong.slice(0, 20)) console.log(`         ${line}`);
}

let server: Server | undefined;
try {
  const { values } = parseArgs({ options: { seed: { type: 'string', default: '1' } } });
  const seed = Number(values.seed);
  if (!Number.isSafeInteger(seed) || seed < 0) throw new Error(`--seed: ${values.seed} is no whole number from 0 on`);
  server = await findOrStartServer({ kitchenSimulator: false });
  process.exitCode = (await run(server, seed)) ? 0 : 1;
} catch (error) {
  console.error(`evening: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  await server?.stop();
}
