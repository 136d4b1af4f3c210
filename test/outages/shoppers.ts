import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Requests } from './requests.js';

interface Order {
  readonly id: string;
  readonly status: string;
  readonly payment: { readonly link?: string };
}

/** A shopper from the order to what follows from it. */
export interface Visit {
  readonly cameAt: number;
  /** Resolves when the kitchen has the order, or it is cancelled; rejects on any answer that must not be. */
  readonly through: Promise<void>;
}

/** People who place, pay and cancel all the time. */
export interface Shoppers {
  /** Everybody who came at a time or later. */
  since(time: number): readonly Visit[];
  /** Rejects with the first answer that must not be. */
  readonly failure: Promise<never>;
  /** Nobody comes any more, and those who are there leave. */
  close(): Promise<void>;
}

const SKU = 'pizza';
/** It is made now, or was made by an earlier try that was answered with 503: then it can only be replaced. */
const MADE = [201, 428];
/** When so many wait for what follows from their orders, the next come half as often, and so on: an outage has a long end else. */
const MANY = 5;
const LOOK_AGAIN_MS = 500;

/** Puts on sale what shoppers want. */
export async function fillShelf(requests: Requests): Promise<void> {
  const { signal: closing } = new AbortController();
  const offer = {
    name: 'A pizza',
    price: { amount: 950, currency: 'EUR' },
    trackStock: true,
    station: 'oven',
    prepSeconds: 0,
  };
  await requests.ask('command', 'PUT', `/v1/offers/${SKU}`, MADE, { body: offer, closing });
  await requests.ask('command', 'PUT', `/v1/stock/${SKU}/main`, MADE, { body: { onHand: 1_000_000 }, closing });
}

/** Lets shoppers come, one each `everyMs`, until closed. */
export function startShoppers(requests: Requests, everyMs: number): Shoppers {
  const closing = new AbortController();
  const failed = new AbortController();
  const visits: Visit[] = [];
  let underWay = 0;
  const failure = new Promise<never>((_, reject) => {
    failed.signal.addEventListener('abort', () => reject(failed.signal.reason as Error), { once: true });
  });
  failure.catch(() => undefined);

  const come = async (): Promise<void> => {
    for (let number = 0; !closing.signal.aborted && !failed.signal.aborted; number += 1) {
      underWay += 1;
      const through = visit(requests, number, closing.signal)
        .catch((error: unknown) => {
          if (!closing.signal.aborted) failed.abort(error);
          throw error;
        })
        .finally(() => (underWay -= 1));
      through.catch(() => undefined);
      visits.push({ cameAt: performance.now(), through });
      const rest = everyMs * Math.ceil(underWay / MANY);
      await sleep(rest, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  };
  const coming = come();
  return {
    since: (time) => visits.filter(({ cameAt }) => cameAt >= time),
    failure,
    close: async () => {
      closing.abort();
      await coming;
      await Promise.allSettled(visits.map(({ through }) => through));
    },
  };
}

async function visit(requests: Requests, number: number, closing: AbortSignal): Promise<void> {
  // a merchant's number has to be claimed in the database; an order without one needs the event store alone
  const numbered = number % 3 === 2;
  const placed = await requests.ask<Order>(numbered ? 'command with a claim' : 'command', 'POST', '/v1/orders', [201], {
    body: {
      locationId: 'main',
      mode: 'pickup',
      lines: [{ sku: SKU, quantity: 1 }],
      ...(numbered ? { merchantOrderNo: randomUUID() } : {}),
    },
    headers: { 'idempotency-key': randomUUID() },
    closing,
  });
  const { id } = placed.body;
  if (number % 5 === 4) {
    await requests.ask('command with a claim', 'POST', `/v1/orders/${id}/cancellations`, [200, 202], {
      body: { reason: 'changed my mind' },
      headers: { 'idempotency-key': 'cancel' },
      closing,
    });
    await seen(requests, id, closing, ({ status }) => status === 'cancelled');
    return;
  }
  const { payment } = await seen(requests, id, closing, ({ payment: { link } }) => link !== undefined);
  await pay(payment.link ?? '');
  await seen(requests, id, closing, ({ status }) => status === 'in_fulfilment');
}

async function pay(link: string): Promise<void> {
  const response = await fetch(link, { method: 'POST', body: new URLSearchParams({ outcome: 'succeed' }) });
  if (!response.ok) throw new Error(`the payment page says ${response.status}`);
}

/** Looks at the order until it is as it should be; there is no limit here, for whoever waits for the shopper has one. */
async function seen(
  requests: Requests,
  id: string,
  closing: AbortSignal,
  is: (order: Order) => boolean,
): Promise<Order> {
  for (;;) {
    // its view may not know it yet
    const { status, body } = await requests.ask<Order>('view', 'GET', `/v1/orders/${id}`, [200, 404], { closing });
    if (status === 200 && is(body)) return body;
    await sleep(LOOK_AGAIN_MS);
  }
}
