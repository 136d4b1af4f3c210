import { recordReturn } from '../../../src/commands/order/recordReturn.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import type { ExistingOrder, ReturnedUnits } from '../../../src/domain/order/index.js';
import { OVER } from '../invariants/rest.js';
import type { Random } from '../kernel/random.js';
import type { Installation } from '../world/installation.js';
import { insist, sleep } from './client.js';
import { requestContext } from './requests.js';

/** How often somebody looks whether an order was handed over before they forget about it. */
const MOST_LOOKS = 60;
const MOST_RETURNS = 2;

/**
 * Somebody at the counter takes back what was handed over, soon or when the order is completed, once or twice: a line or several of them, as good as new or
 * not, and now and then more than is out there. Some say it from two tills at once.
 */
export async function returner(installation: Installation, random: Random, id: OrderId): Promise<void> {
  if (!random.chance(0.3)) return;
  const order = (): ExistingOrder => installation.histories.newestOf('order', orderStream(id)) as ExistingOrder;
  for (let looks = 0; order().status !== 'fulfilled' && order().status !== 'completed'; looks += 1) {
    if (looks === MOST_LOOKS || OVER.has(order().status)) return;
    await sleep(installation, 3_000);
  }
  const returns = random.between(1, MOST_RETURNS);
  for (let number = 1; number <= returns; number += 1) {
    await sleep(installation, random.fraction() * (random.chance(0.5) ? 1_000 : 30_000));
    const lines = draw(order(), random);
    if (lines.length === 0) return;
    const by = random.pick(['customer', 'staff'] as const);
    const idempotencyKey = `return ${number}`;
    const tells = Array.from({ length: random.chance(0.3) ? 2 : 1 }, () =>
      insist(installation, random, `take back of ${id}`, (api) =>
        recordReturn(api.core.executor, id, { lines, by, idempotencyKey }, requestContext(api, random)),
      ),
    );
    await Promise.all(tells);
  }
}

function draw({ lines }: ExistingOrder, random: Random): readonly ReturnedUnits[] {
  const condition = (): ReturnedUnits['condition'] => (random.chance(0.7) ? 'sellable' : 'damaged');
  return lines.flatMap(({ lineId, fulfilled, returned = 0 }) => {
    const outside = fulfilled - returned;
    if (outside < 1 || !random.chance(0.7)) return [];
    const qty = random.between(1, outside);
    // one line may come back in several conditions
    const rest = outside - qty + (random.chance(0.1) ? 1 : 0);
    return [
      { lineId, qty, condition: condition() },
      ...(rest > 0 ? [{ lineId, qty: rest, condition: condition() }] : []),
    ];
  });
}
