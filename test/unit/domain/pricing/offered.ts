import * as E from 'fp-ts/lib/Either.js';
import type { Money } from '../../../../src/domain/kernel/money.js';
import type { OfferView } from '../../../../src/domain/offer/index.js';
import type { Priced, PricingRejection } from '../../../../src/domain/pricing/index.js';
import { eur, idOf, sku } from '../../../support/fixtures.js';

export const offerOf = (name: string, cost: Money | number, change: Partial<OfferView> = {}): OfferView => ({
  sku: sku(name),
  name: name.toUpperCase(),
  price: typeof cost === 'number' ? eur(cost) : cost,
  trackStock: true,
  status: 'on_sale',
  revision: 2,
  ...change,
});
export const catalogue = (...offers: OfferView[]) => new Map(offers.map((offer) => [offer.sku, offer]));
export const wanted = (...items: (readonly [string, number])[]) =>
  items.map(([name, qty], index) => ({ lineId: idOf('line', index + 1), sku: sku(name), qty }));

/** What comes out where there is a price. */
export function priced(result: E.Either<PricingRejection, Priced>): Priced {
  if (E.isLeft(result)) throw new Error(`no price: ${JSON.stringify(result.left)}`);
  return result.right;
}
/** Why there is none. */
export const refused = (result: E.Either<PricingRejection, Priced>): PricingRejection => {
  if (E.isRight(result)) throw new Error('it has a price');
  return result.left;
};

/** What is on sale unless a test says otherwise. */
export const offers = catalogue(offerOf('tea', 250, { station: 'bar', prepSeconds: 30 }), offerOf('cake', 333));
