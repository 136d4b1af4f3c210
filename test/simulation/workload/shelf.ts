import { resumeOffer, suspendOffer } from '../../../src/commands/offer/suspendOffer.js';
import { DEFAULT_LOCATION } from '../../../src/commands/location/openDefaultLocation.js';
import { resolveHold } from '../../../src/commands/order/resolveHold.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import { type ExistingOrder, openQty } from '../../../src/domain/order/index.js';
import type { Random } from '../kernel/random.js';
import type { Installation } from '../world/installation.js';
import { insist, sleep } from './client.js';
import { requestContext } from './requests.js';
import type { Article } from './shop.js';

const MOST_TIMES = 2;

/**
 * Somebody at the shelf says that an article is sold out, here or everywhere, for a while or until further notice, while people order it
 * and pay for it; mostly it is to be had again soon.
 */
export async function shelf(installation: Installation, random: Random, articles: readonly Article[]): Promise<void> {
  if (!random.chance(0.15)) return;
  const times = random.between(1, MOST_TIMES);
  for (let time = 1; time <= times; time += 1) {
    const sku = random.pick(articles)?.sku;
    if (sku === undefined) return;
    await sleep(installation, random.fraction() * (random.chance(0.6) ? 3_000 : 40_000));
    const at = random.chance(0.6) ? DEFAULT_LOCATION.locationId : undefined;
    const reason = { reason: 'sold out', ...(random.chance(0.3) ? { today: true } : {}) };
    await insist(installation, random, `suspend ${sku}`, (api) =>
      suspendOffer(api.core, sku, at, reason, requestContext(api, random)),
    );
    if (!random.chance(0.7)) continue;
    await sleep(installation, random.fraction() * 20_000);
    await insist(installation, random, `resume ${sku}`, (api) =>
      resumeOffer(api.core.executor, sku, at, requestContext(api, random)),
    );
  }
}

/** An order that goes without something waits for a decision: it goes on as it is, or without that, or ends, or nobody decides in time. */
export async function goOn(installation: Installation, random: Random, id: OrderId): Promise<void> {
  if (random.chance(0.2)) return;
  await sleep(installation, random.fraction() * 20_000);
  const { lines } = installation.histories.newestOf('order', orderStream(id)) as ExistingOrder;
  const [first] = lines.filter((line) => openQty(line) > 0);
  const decision = random.pick(['accept', 'accept', 'amend', 'reject'] as const) ?? 'accept';
  const drop = decision === 'amend' && first ? { lines: [{ lineId: first.lineId, qty: openQty(first) }] } : {};
  await insist(installation, random, `${decision} ${id}`, (api) =>
    resolveHold(api.core.executor, id, { decision, by: 'staff', ...drop }, requestContext(api, random)),
  );
}
