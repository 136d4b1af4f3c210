import * as E from 'fp-ts/lib/Either.js';
import type { OrderId } from '../../domain/kernel/ids.js';
import { type Quote, quoteOf } from '../../domain/pricing/index.js';
import { lineIdOf } from '../identity.js';
import type { PlaceOrderRejection } from './placeOrderRejection.js';
import { type PricedInput, type PricingDependencies, priceWanted } from './priceWanted.js';

/** Prices what somebody wants, and keeps nothing of it. */
export async function quote(
  deps: PricingDependencies,
  input: PricedInput,
  at: string,
): Promise<E.Either<PlaceOrderRejection, Quote>> {
  // its lines need names as an order's do, and nobody ever sees them
  const wish = await priceWanted(deps, input, at, (ordinal) => lineIdOf('quote' as OrderId, ordinal));
  if (E.isLeft(wish)) return wish;
  const { location, priced, priceHash } = wish.right;
  const { mode } = input;
  return location.modes.includes(mode)
    ? E.right(quoteOf(priced, priceHash))
    : E.left({ _tag: 'ModeNotOffered', mode, offered: location.modes });
}
