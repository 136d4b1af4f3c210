import { confirmPayLater } from '../../../src/commands/order/payLater.js';
import { requestPayment } from '../../../src/commands/order/requestPayment.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import type { ExistingOrder } from '../../../src/domain/order/index.js';
import { OVER } from '../invariants/rest.js';
import type { Random } from '../kernel/random.js';
import type { Installation } from '../world/installation.js';
import { insist, sleep } from './client.js';
import { requestContext } from './requests.js';

/** How often somebody looks whether the order waits for its money before they forget about it. */
const MOST_LOOKS = 60;

/** A regular: their order goes on without its money, by the page that it has; and later they are asked for what is due. */
export async function regular(installation: Installation, random: Random, id: OrderId): Promise<void> {
  if (!random.chance(0.1)) return;
  const order = (): ExistingOrder => installation.histories.newestOf('order', orderStream(id)) as ExistingOrder;
  for (let looks = 0; order().status !== 'awaiting_payment'; looks += 1) {
    if (looks === MOST_LOOKS || OVER.has(order().status)) return;
    await sleep(installation, 500);
  }
  await sleep(installation, random.fraction() * 3_000);
  await insist(installation, random, `let ${id} pay later`, (api) =>
    confirmPayLater(api.core.executor, id, requestContext(api, random)),
  );
  if (random.chance(0.4)) return;
  await sleep(installation, 20_000 + random.fraction() * 60_000);
  await insist(installation, random, `ask for what is due of ${id}`, (api) =>
    requestPayment(api.core.executor, id, 'at the till', requestContext(api, random)),
  );
}
