import * as E from 'fp-ts/lib/Either.js';
import type { LocationId, Sku } from '../../domain/kernel/ids.js';
import { type NotFound, notFound } from '../../domain/kernel/rejections.js';
import { offerStream } from '../../domain/kernel/streams.js';
import { businessDayEnds } from '../../domain/location/index.js';
import { offer } from '../../domain/offer/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import type { Catalogue } from '../ports/catalogue.js';
import type { OfferOutcome } from './publishOffer.js';

export interface SuspensionInput {
  readonly reason: string;
  /** RFC 3339. */
  readonly until?: string;
  /** Sold out: until the location's business day is over. */
  readonly today?: boolean;
}

/** An offer is not to be had for a while, at one location or, where none is named, at all of them. */
export async function suspendOffer(
  { executor, catalogue }: { readonly executor: Executor; readonly catalogue: Catalogue },
  sku: Sku,
  locationId: LocationId | undefined,
  { reason, until, today = false }: SuspensionInput,
  context: CommandContext,
): Promise<OfferOutcome | E.Either<NotFound, never>> {
  const place = locationId === undefined ? undefined : await catalogue.location(locationId);
  if (locationId !== undefined && !place) return E.left(notFound('location', locationId));
  const ends = today && place ? businessDayEnds(place, context.at) : until && new Date(until).toISOString();
  return executor.execute(
    offer,
    offerStream(sku),
    {
      type: 'SuspendOffer',
      reason,
      ...(locationId === undefined ? {} : { locationId }),
      ...(ends === undefined ? {} : { until: ends }),
    },
    context,
  );
}

/** It is to be had again: there, or wherever no location of its own was named. */
export const resumeOffer = (
  executor: Executor,
  sku: Sku,
  locationId: LocationId | undefined,
  context: CommandContext,
): Promise<OfferOutcome> =>
  executor.execute(
    offer,
    offerStream(sku),
    { type: 'ResumeOffer', ...(locationId === undefined ? {} : { locationId }) },
    context,
  );
