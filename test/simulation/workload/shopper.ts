import * as E from 'fp-ts/lib/Either.js';
import { placeOrder } from '../../../src/commands/order/placeOrder.js';
import type { PlaceOrderInput } from '../../../src/commands/order/placeOrderInput.js';
import { identify } from '../../../src/commands/order/requestIdentity.js';
import { DEFAULT_LOCATION } from '../../../src/commands/location/openDefaultLocation.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import type { Random } from '../kernel/random.js';
import type { Installation } from '../world/installation.js';
import { nobodyNamed, SECRET } from '../world/process.js';
import { insist, sleep } from './client.js';
import { requestContext } from './requests.js';
import type { Article } from './shop.js';

/** An order that somebody was told of. */
export interface Acknowledged {
  readonly orderId: OrderId;
  readonly keyHash: string;
}

/** How often somebody asks for what is not on sale before they go elsewhere. */
const MOST_TRIES = 40;

/** Somebody who orders. Answers what they were told; nothing where they were refused. */
export async function shopper(
  installation: Installation,
  random: Random,
  number: number,
  articles: readonly Article[],
): Promise<Acknowledged | undefined> {
  await sleep(installation, random.fraction() * 15_000);
  const wanted = articles.filter((_, index) => (index === 0 ? random.chance(0.85) : random.chance(0.4)));
  const [first] = articles;
  if (!first) return undefined;
  const lines = (wanted.length > 0 ? wanted : [first]).map(({ sku }) => ({ sku, quantity: random.between(1, 3) }));
  const body: PlaceOrderInput = {
    locationId: DEFAULT_LOCATION.locationId,
    mode: random.pick(['pickup', 'dine_in'] as const),
    lines,
    ...(number % 3 === 0 ? { tip: { amount: 70 + number, currency: 'EUR' } } : {}),
  };
  const requester = { principal: 'admin/local', account: 'main', idempotencyKey: `order-${number}` };
  const identity = identify(requester, body, SECRET);

  let tries = 0;
  const answer = await insist(installation, random, `place order ${number}`, async (api) => {
    const { executor, catalogue, settings } = api.core;
    const people = { personalData: nobodyNamed, customers: { known: () => Promise.resolve(undefined) } };
    const deps = { executor, catalogue, settings, claims: api.claims, secret: SECRET, ...people };
    const outcome = await placeOrder(deps, requester, identity, body, requestContext(api, random));
    // an offer that this process has not heard of yet, or that is sold out just now: the shopper tries again, for a while
    if (E.isLeft(outcome) && outcome.left._tag === 'OfferUnavailable' && tries++ < MOST_TRIES)
      throw new Error('not on sale yet');
    return outcome;
  });
  if (E.isLeft(answer)) return undefined;

  return { orderId: identity.orderId, keyHash: identity.keyHash };
}
