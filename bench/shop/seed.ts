import { publishOffer } from '#comanda/commands/offer/publishOffer.js';
import { openDefaultLocation } from '#comanda/commands/location/openDefaultLocation.js';
import { createExecutor } from '#comanda/commands/executor/createExecutor.js';
import type { CommandContext, Executor } from '#comanda/commands/executor/contract.js';
import { freshCommandId } from '#comanda/commands/identity.js';
import type { EventStore } from '#comanda/commands/ports/eventStore.js';
import { stockStream } from '#comanda/domain/kernel/streams.js';
import type { LocationId, Sku } from '#comanda/domain/kernel/ids.js';
import { stock } from '#comanda/domain/stock/index.js';
import { openEventStore } from '#comanda/infrastructure/eventstore/index.js';
import { skuOf } from '../load/requests.js';

/** Seeding is no part of what is measured: a machine that is busy may take its time. */
const PATIENT = { timeoutMs: 60_000 };
const MAIN = 'main' as LocationId;
const clock = { now: () => new Date().toISOString() };

const context = (): CommandContext => ({
  commandId: freshCommandId(),
  correlationId: freshCommandId(),
  causationId: null,
  actor: { kind: 'admin', id: 'admin/local' },
  tenant: 'main',
  at: clock.now(),
});

/** Opens the shop: the location, so many articles on sale, and so much of each on the shelf. */
export async function openShop(eventStore: EventStore, skus: number, onHand = 100_000_000): Promise<void> {
  const executor = createExecutor({ eventStore, random: Math.random });
  await openDefaultLocation(executor, clock);
  await sideBySide(skus, (number) => offerAndStock(executor, skuOf(number) as Sku, number, onHand));
}

/** One more article in a shop that is open, with so much of it on the shelf. */
export async function addArticle(eventStoreUrl: string, sku: string, onHand: number): Promise<void> {
  const store = openEventStore({ url: eventStoreUrl, ...PATIENT });
  const executor = createExecutor({ eventStore: store.eventStore, random: Math.random });
  await offerAndStock(executor, sku as Sku, 0, onHand);
  await store.close();
}

async function offerAndStock(executor: Executor, sku: Sku, number: number, onHand: number): Promise<void> {
  const details = { name: `Article ${number}`, trackStock: true, taxClass: 'standard' } as const;
  await Promise.all([
    publishOffer(executor, sku, { details, price: { amount: 950, currency: 'EUR' } }, context()),
    executor.execute(
      stock,
      stockStream(sku, MAIN),
      { type: 'RegisterStock', sku, locationId: MAIN, onHand },
      { ...context(), creates: true },
    ),
  ]);
}

/** Calls `work` with 0 … count − 1, at most `width` at once. */
export async function sideBySide(
  count: number,
  work: (number: number) => Promise<unknown>,
  width = 256,
): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(width, count) }, async () => {
      while (next < count) await work(next++);
    }),
  );
}
