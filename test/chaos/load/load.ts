import { setTimeout as sleep } from 'node:timers/promises';
import type { CustomerPlan } from '../plan/customers.js';
import { randomOf } from '../plan/random.js';
import { LOCATIONS, shelf } from '../plan/shelf.js';
import type { Installation } from '../system/installation.js';
import { Client, type Traffic } from './client.js';
import { type Visited, visit } from './customer.js';
import { cook } from './kitchen.js';
import { disturbProvider } from './mishaps.js';

/** Everything that uses the shop during a run. */
export interface Load {
  readonly traffic: Traffic;
  /** Customers who have come, and those who are through. */
  readonly progress: { came: number; through: number };
  /** Resolves when every customer is through; rejects with the first who was treated wrongly. */
  readonly customers: Promise<readonly Visited[]>;
  /** Stops what goes wrong at the provider; the cooks go on. Answers how often the provider was told to misbehave. */
  calmProvider(): Promise<number>;
  /** Sends the cooks home. */
  close(): Promise<void>;
}

const COOKS = 2;
const SIDE_BY_SIDE = 16;

/** Puts everything on sale, in all locations. */
export async function fillShelf(client: Client, customers: number): Promise<void> {
  const articles = [...shelf(customers)];
  const fill = async (): Promise<void> => {
    for (let article = articles.shift(); article !== undefined; article = articles.shift()) {
      const { sku, onHand, price, station } = article;
      const offer = {
        name: `The ${sku}`,
        price: { amount: price, currency: 'EUR' },
        trackStock: onHand !== undefined,
        station,
        prepSeconds: 0,
      };
      await made(client, `/v1/offers/${sku}`, offer);
      if (onHand !== undefined)
        for (const { id } of LOCATIONS) await made(client, `/v1/stock/${sku}/${id}`, { onHand });
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, fill));
}

async function made(client: Client, path: string, body: unknown): Promise<void> {
  const answer = await client.ask('PUT', path, { body });
  // an earlier try may have made it, whose answer was lost
  if (answer.status !== 201 && answer.status !== 428)
    throw new Error(`PUT ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
}

/** Lets the planned customers come, beginning now; `signal` ends everything at once; `patienceMs` is how
 * long a customer waits for a link to pay at. */
export function startLoad(
  seed: string,
  plan: readonly CustomerPlan[],
  { apiUrls, stripe }: Installation,
  { signal, patienceMs }: { readonly signal: AbortSignal; readonly patienceMs: number },
): Load {
  const traffic: Traffic = { requests: 0, lost: 0, comeBack: 0 };
  const progress = { came: 0, through: 0 };
  const client = new Client(apiUrls, randomOf(seed, 'client'), traffic, signal);
  const closing = new AbortController();
  const calming = new AbortController();
  const failed = new AbortController();
  const failure = new Promise<never>((_, reject) => {
    failed.signal.addEventListener('abort', () => reject(failed.signal.reason as Error), { once: true });
  });
  failure.catch(() => undefined);
  const watched = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  };

  const cooks = Array.from({ length: COOKS }, (_, number) =>
    watched(cook(client, randomOf(seed, `cook ${number}`), closing.signal)),
  );
  const disturbing = watched(disturbProvider(stripe, randomOf(seed, 'provider'), calming.signal));
  for (const work of [...cooks, disturbing]) work.catch(() => undefined);

  const come = async (): Promise<readonly Visited[]> => {
    const began = performance.now();
    const visits: Promise<Visited>[] = [];
    for (const customer of plan) {
      const wait = began + customer.atMs - performance.now();
      if (wait > 0) await sleep(wait);
      if (failed.signal.aborted || signal.aborted) break;
      progress.came += 1;
      const visiting = watched(visit(customer, client, stripe, patienceMs)).finally(() => (progress.through += 1));
      visiting.catch(() => undefined);
      visits.push(visiting);
    }
    return await Promise.all(visits);
  };
  const customers = Promise.race([come(), failure]);
  customers.catch(() => undefined);

  return {
    traffic,
    progress,
    customers,
    calmProvider: () => {
      calming.abort();
      return disturbing;
    },
    close: async () => {
      closing.abort();
      await Promise.all(cooks);
    },
  };
}
