import { amendOrder, type AmendOrderInput } from '../../../src/commands/order/amendOrder.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import { type ExistingOrder, openQty } from '../../../src/domain/order/index.js';
import { OVER } from '../invariants/rest.js';
import type { Random } from '../kernel/random.js';
import type { Installation } from '../world/installation.js';
import { nobodyNamed } from '../world/process.js';
import { insist, sleep } from './client.js';
import { requestContext } from './requests.js';
import type { Article } from './shop.js';

/** How often somebody looks whether an order is paid before they forget about it. */
const MOST_LOOKS = 60;
const MOST_WISHES = 2;

/**
 * Somebody who wants something else after all, once or twice: more, less, or one thing for another; most of them once it is paid,
 * before the cooks begin, while they are at it or when it is nearly over, some too early or much too late.
 */
export async function amender(
  installation: Installation,
  random: Random,
  id: OrderId,
  articles: readonly Article[],
): Promise<void> {
  if (!random.chance(0.4)) return;
  const wishes = random.between(1, MOST_WISHES);
  for (let wish = 1; wish <= wishes; wish += 1) {
    if (random.chance(0.85) && !(await isPaid(installation, id))) return;
    await sleep(installation, random.fraction() * (random.chance(0.5) ? 2_000 : 20_000));
    const input = draw(orderOf(installation, id), random, articles, `wish ${wish}`);
    await insist(installation, random, `amend ${id}`, (api) => {
      const { executor, catalogue, settings } = api.core;
      return amendOrder(
        { executor, catalogue, settings, personalData: nobodyNamed },
        id,
        input,
        requestContext(api, random),
      );
    });
  }
}

const orderOf = ({ histories }: Installation, id: OrderId): ExistingOrder =>
  histories.newestOf('order', orderStream(id)) as ExistingOrder;

/** Whether the order is confirmed sooner or later. */
async function isPaid(installation: Installation, id: OrderId): Promise<boolean> {
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const { status } = orderOf(installation, id);
    if (status === 'confirmed' || status === 'in_fulfilment') return true;
    if (OVER.has(status)) return false;
    await sleep(installation, 1_000);
  }
  return false;
}

/** What is dropped is given back: what stays with an order by its own wish would be money that nobody can tell from a mistake. */
function draw(
  { lines }: ExistingOrder,
  random: Random,
  articles: readonly Article[],
  idempotencyKey: string,
): AmendOrderInput {
  const behaviour = random.fraction();
  const line = random.pick(lines.filter((one) => openQty(one) > 0));
  // another one of the same, made otherwise, is an exchange too
  const article = line && random.chance(0.3) ? { sku: line.sku } : random.pick(articles);
  const add = article && behaviour < 0.7 ? [{ sku: article.sku, quantity: random.between(1, 2) }] : [];
  const drop = line && behaviour > 0.4 ? [{ lineId: line.lineId, qty: random.between(1, openQty(line)) }] : [];
  const by = random.pick(['customer', 'staff'] as const);
  return { add, drop, settlement: 'refund', by, idempotencyKey, dryRun: false };
}
