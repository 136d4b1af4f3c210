import { holdOrder } from '../../../src/commands/order/holdOrder.js';
import { requestPayment } from '../../../src/commands/order/requestPayment.js';
import { resolveHold } from '../../../src/commands/order/resolveHold.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import type { ExistingOrder } from '../../../src/domain/order/index.js';
import { OVER } from '../invariants/rest.js';
import type { Random } from '../kernel/random.js';
import type { Installation } from '../world/installation.js';
import { insist, sleep } from './client.js';
import { requestContext } from './requests.js';

/** How often somebody looks whether there is a page before they forget about it. */
const MOST_LOOKS = 60;
const MOST_HOLDS = 2;

/**
 * Somebody who holds an order that waits for its money, once or twice, and lets most go on. Meanwhile its page is closed, at the
 * provider's desk or by its time: while it is held, in the moment of the decision, or just after. Some ask for the payment by hand.
 */
export async function keeper(installation: Installation, random: Random, id: OrderId): Promise<void> {
  if (!random.chance(0.12)) return;
  const order = (): ExistingOrder => installation.histories.newestOf('order', orderStream(id)) as ExistingOrder;
  const holds = random.between(1, MOST_HOLDS);
  for (let hold = 1; hold <= holds; hold += 1) {
    for (let looks = 0; order().status !== 'awaiting_payment' || order().link === undefined; looks += 1) {
      if (looks === MOST_LOOKS || OVER.has(order().status)) return;
      await sleep(installation, 500);
    }
    await sleep(installation, random.fraction() * (random.chance(0.7) ? 500 : 50_000));
    await insist(installation, random, `keep ${id}`, (api) => {
      const wish = { kind: 'manual', detail: 'is that the right address?', decideWithinMinutes: 2 } as const;
      return holdOrder(api.core.executor, id, wish, requestContext(api, random));
    });
    const decideAfter = random.fraction() * (random.chance(0.5) ? 5_000 : 100_000);
    const closeAfter = random.chance(0.5) ? decideAfter * random.fraction() : decideAfter + random.fraction() * 1_000;
    const { link } = order();
    if (random.chance(0.7) && link !== undefined) close(installation, link.url, closeAfter);
    await sleep(installation, decideAfter);
    const decision = random.chance(0.9) ? 'accept' : 'reject';
    await insist(installation, random, `${decision} ${id}`, (api) =>
      resolveHold(api.core.executor, id, { decision, by: 'staff' }, requestContext(api, random)),
    );
    if (!random.chance(0.3)) continue;
    await sleep(installation, random.fraction() * 2_000);
    await insist(installation, random, `ask for the payment of ${id}`, (api) =>
      requestPayment(api.core.executor, id, `keeper ${hold}`, requestContext(api, random)),
    );
  }
}

function close(installation: Installation, url: string, afterMs: number): void {
  const { scheduler, provider } = installation;
  const sessionId = url.slice(url.lastIndexOf('/') + 1);
  scheduler.schedule(undefined, afterMs, `the page ${sessionId} is closed`, () => provider.expire(sessionId));
}
