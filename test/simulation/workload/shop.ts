import * as E from 'fp-ts/lib/Either.js';
import type { CommandContext } from '../../../src/commands/executor/contract.js';
import { createExecutor } from '../../../src/commands/executor/createExecutor.js';
import { CACHE_LIMITS } from '../../../src/commands/executor/streamCache.js';
import { derivedCommandId } from '../../../src/commands/identity.js';
import { DEFAULT_LOCATION } from '../../../src/commands/location/openDefaultLocation.js';
import { publishOffer } from '../../../src/commands/offer/publishOffer.js';
import { changeSettings } from '../../../src/commands/settings/changeSettings.js';
import { registerStock } from '../../../src/commands/stock/registerStock.js';
import type { Sku } from '../../../src/domain/kernel/ids.js';
import { locationStream, offerStream, SETTINGS_STREAM, stockStream } from '../../../src/domain/kernel/streams.js';
import { location } from '../../../src/domain/location/index.js';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings/index.js';
import { stock } from '../../../src/domain/stock/index.js';
import type { Random } from '../kernel/random.js';
import type { Installation } from '../world/installation.js';
import { insist } from './client.js';
import { requestContext } from './requests.js';

/** One article and how much of it there is; undefined: nobody counts it. */
export interface Article {
  readonly sku: Sku;
  readonly onHand: number | undefined;
  readonly prepSeconds: number;
}

/** One minute to pay: time passes quickly here. */
const LOCATION = { ...DEFAULT_LOCATION, paymentWindowMinutes: 1, payLater: true };

/** What is on sale in the shop of this seed: a few articles, with little of each. */
export const drawArticles = (random: Random): readonly Article[] =>
  Array.from({ length: random.between(1, 3) }, (_, index): Article => {
    // the first one is what everybody wants
    const counted = index === 0 || random.chance(0.7);
    return {
      sku: `item-${index}` as Sku,
      onHand: counted ? random.between(1, 6) : undefined,
      prepSeconds: random.between(1, 8),
    };
  });

const offerOf = ({ sku, onHand, prepSeconds }: Article): Parameters<typeof publishOffer>[2] => ({
  details: { name: sku, trackStock: onHand !== undefined, taxClass: 'standard', prepSeconds },
  price: { amount: 500, currency: 'EUR' },
});

/**
 * Opens the location before anybody starts, so that the time to pay and to decide is a short one, and puts these articles into the shop:
 * it has been open for a while.
 */
export async function openShop({ log }: Installation, articles: readonly Article[]): Promise<void> {
  const eventStore = {
    append: (...call: Parameters<typeof log.append>) => Promise.resolve(log.append(...call)),
    read: async function* (stream: string) {
      yield* await Promise.resolve(log.stream(stream));
    },
  };
  const executor = createExecutor({ eventStore, random: () => 0, cache: { ...CACHE_LIMITS, streams: 8 } });
  const contextFor = (stream: string): CommandContext => {
    const commandId = derivedCommandId('simulation', 'main', 'open', stream);
    return {
      commandId,
      correlationId: commandId,
      causationId: null,
      actor: { kind: 'system', id: 'system/simulation' },
      tenant: 'main',
      at: new Date().toISOString(),
    };
  };
  const { locationId } = LOCATION;
  const place = locationStream(locationId);
  done(await executor.execute(location, place, { type: 'OpenLocation', location: LOCATION }, contextFor(place)));
  const decisions = {
    reviewDecisionMinutes: 1,
    mismatchDecisionMinutes: 1,
    manualDecisionMinutes: 1,
    shortageDecisionMinutes: 1,
  };
  const quickly = { settings: { ...DEFAULT_SETTINGS, ...decisions }, reason: 'time passes quickly here' };
  done(await changeSettings(executor, quickly, contextFor(SETTINGS_STREAM)));
  for (const article of articles) {
    const { sku, onHand } = article;
    done(await publishOffer(executor, sku, offerOf(article), contextFor(offerStream(sku))));
    if (onHand === undefined) continue;
    const shelf = stockStream(sku, locationId);
    done(await executor.execute(stock, shelf, { type: 'RegisterStock', sku, locationId, onHand }, contextFor(shelf)));
  }
}

const done = (answer: E.Either<unknown, unknown>): void => {
  if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left));
};

/** Puts the articles on sale while everything goes wrong already. */
export async function stockTheShop(
  installation: Installation,
  random: Random,
  articles: readonly Article[],
): Promise<void> {
  for (const article of articles) {
    const { sku, onHand } = article;
    await insist(installation, random, `publish offer ${sku}`, (api) =>
      publishOffer(api.core.executor, sku, offerOf(article), requestContext(api, random)),
    );
    if (onHand === undefined) continue;
    await insist(installation, random, `register stock ${sku} ${onHand}`, (api) =>
      registerStock(api.core, sku, DEFAULT_LOCATION.locationId, { onHand }, requestContext(api, random)),
    );
  }
}
