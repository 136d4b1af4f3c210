import * as E from 'fp-ts/lib/Either.js';
import type { LocationId, Sku } from '../../domain/kernel/ids.js';
import type { Money } from '../../domain/kernel/money.js';
import { type NotFound, notFound } from '../../domain/kernel/rejections.js';
import { offerStream } from '../../domain/kernel/streams.js';
import { offer } from '../../domain/offer/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import type { Catalogue } from '../ports/catalogue.js';
import type { OfferOutcome } from './publishOffer.js';

/** What an article costs from now on: at one location or, where none is named, wherever it has no price of its own. */
export async function priceOffer(
  { executor, catalogue }: { readonly executor: Executor; readonly catalogue: Catalogue },
  sku: Sku,
  locationId: LocationId | undefined,
  price: Money,
  context: CommandContext,
): Promise<OfferOutcome | E.Either<NotFound, never>> {
  if (locationId !== undefined && !(await catalogue.location(locationId)))
    return E.left(notFound('location', locationId));
  const there = locationId === undefined ? {} : { locationId };
  return executor.execute(offer, offerStream(sku), { type: 'SetPrice', price, at: context.at, ...there }, context);
}

/** It costs there what it costs elsewhere. */
export const dropPrice = (
  executor: Executor,
  sku: Sku,
  locationId: LocationId,
  context: CommandContext,
): Promise<OfferOutcome> => executor.execute(offer, offerStream(sku), { type: 'DropPrice', locationId }, context);
