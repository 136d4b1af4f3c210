import * as E from 'fp-ts/lib/Either.js';
import { createExecutor } from '../../../src/commands/executor/createExecutor.js';
import { derivedCommandId } from '../../../src/commands/identity.js';
import { DEFAULT_LOCATION } from '../../../src/commands/location/openDefaultLocation.js';
import { publishOffer } from '../../../src/commands/offer/publishOffer.js';
import { registerStock } from '../../../src/commands/stock/registerStock.js';
import type { Sku } from '../../../src/domain/kernel/ids.js';
import { locationStream } from '../../../src/domain/kernel/streams.js';
import { location } from '../../../src/domain/location/index.js';
import type { Random } from '../kernel/random.js';
import type { Installation } from '../world/installation.js';
import { insist } from './client.js';
import { requestContext } from './requests.js';

/** One article and how much of it there is; undefined: nobody counts it. */
export interface Article {
  readonly sku: Sku;
  readonly onHand: number | undefined;
}

/** One minute to pay: time passes quickly here. */
const LOCATION = { ...DEFAULT_LOCATION, paymentWindowMinutes: 1 };

/** Opens the location before anybody starts, so that the payment window is a short one. */
export async function openLocation({ log }: Installation): Promise<void> {
  const eventStore = {
    append: (...call: Parameters<typeof log.append>) => Promise.resolve(log.append(...call)),
    read: async function* (stream: string) {
      yield* await Promise.resolve(log.stream(stream));
    },
  };
  const stream = locationStream(LOCATION.locationId);
  const commandId = derivedCommandId('simulation', 'main', 'open', stream);
  const opened = await createExecutor({ eventStore, random: () => 0 }).execute(
    location,
    stream,
    { type: 'OpenLocation', location: LOCATION },
    {
      commandId,
      correlationId: commandId,
      causationId: null,
      actor: { kind: 'system', id: 'system/simulation' },
      tenant: 'main',
      at: new Date().toISOString(),
    },
  );
  if (E.isLeft(opened)) throw new Error(JSON.stringify(opened.left));
}

/** Puts a few articles on sale, with little of each. */
export async function stockTheShop(installation: Installation, random: Random): Promise<readonly Article[]> {
  const articles = Array.from({ length: random.between(1, 3) }, (_, index): Article => {
    // the first one is what everybody wants
    const counted = index === 0 || random.chance(0.7);
    return { sku: `item-${index}` as Sku, onHand: counted ? random.between(1, 6) : undefined };
  });
  for (const { sku, onHand } of articles) {
    await insist(installation, random, `publish offer ${sku}`, (api) =>
      publishOffer(
        api.core.executor,
        sku,
        {
          details: {
            name: sku,
            trackStock: onHand !== undefined,
            taxClass: 'standard',
            prepSeconds: random.between(1, 8),
          },
          price: { amount: 500, currency: 'EUR' },
        },
        requestContext(api, random),
      ),
    );
    if (onHand === undefined) continue;
    await insist(installation, random, `register stock ${sku} ${onHand}`, (api) =>
      registerStock(api.core, sku, DEFAULT_LOCATION.locationId, onHand, requestContext(api, random)),
    );
  }
  return articles;
}
