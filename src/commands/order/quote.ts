import * as E from 'fp-ts/lib/Either.js';
import type { OrderId } from '../../domain/kernel/ids.js';
import { lineIdOf } from '../identity.js';
import type { PlaceOrderRejection } from './placeOrderRejection.js';
import type { PrepareOrderDependencies } from './prepareOrder.js';
import { type PricedInput, priceWanted } from './priceWanted.js';
import { type SignedQuote, signQuote } from './quoteToken.js';

/** Prices what somebody wants, for ten minutes, and keeps nothing of it. */
export async function quote(
  deps: PrepareOrderDependencies,
  input: PricedInput,
  at: string,
): Promise<E.Either<PlaceOrderRejection, SignedQuote>> {
  // its lines need names as an order's do, and nobody ever sees them
  const wish = await priceWanted(deps, input, at, (ordinal) => lineIdOf('quote' as OrderId, ordinal));
  if (E.isLeft(wish)) return wish;
  const { location } = wish.right;
  const { mode } = input;
  return location.modes.includes(mode)
    ? E.right(signQuote(deps.secret, input, wish.right, at))
    : E.left({ _tag: 'ModeNotOffered', mode, offered: location.modes });
}
