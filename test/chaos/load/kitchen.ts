import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../plan/random.js';
import { type Client, ShopFault } from './client.js';

interface Ticket {
  readonly id: string;
  readonly state: string;
  readonly items: readonly { readonly itemId: string; readonly state: string }[];
}

const REST_MS = 300;

/**
 * A cook who makes whatever is on the board until the signal: item by item or the whole ticket at a touch, some touches
 * twice. Other cooks work on the same board, so a refusal is an answer like any other.
 */
export async function cook(client: Client, random: Random, closing: AbortSignal): Promise<void> {
  const touch = async (path: string): Promise<void> => {
    for (let times = random.chance(0.1) ? 2 : 1; times > 0; times -= 1) {
      const { status, body } = await client.ask('POST', `/v1/kitchen/tickets/${path}`);
      if (status !== 200 && status !== 409) throw new ShopFault(`${path}: ${status} ${JSON.stringify(body)}`);
    }
  };
  const work = async ({ id, state, items }: Ticket): Promise<void> => {
    if (state !== 'ready') {
      if (random.chance(0.4)) await touch(`${id}/bump`);
      else {
        for (const item of items) {
          if (item.state === 'queued') await touch(`${id}/items/${item.itemId}/start`);
          if (item.state !== 'done') await touch(`${id}/items/${item.itemId}/done`);
        }
      }
    }
    await touch(`${id}/hand-over`);
  };
  while (!closing.aborted) {
    const { body } = await client.ask<{ readonly items: readonly Ticket[] }>('GET', '/v1/kitchen/tickets?limit=50');
    // two cooks who both took the first would only meet each other
    for (const ticket of shuffled(body.items, random)) {
      if (closing.aborted) return;
      await work(ticket);
    }
    await sleep(REST_MS);
  }
}

const shuffled = <T>(items: readonly T[], random: Random): readonly T[] =>
  items
    .map((item) => [random.next(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
