import type { Either } from 'fp-ts/lib/Either.js';
import type { Sku } from '../../domain/kernel/ids.js';
import type { Money } from '../../domain/kernel/money.js';
import { offerStream } from '../../domain/kernel/streams.js';
import {
  type Offer,
  offer,
  type OfferDetails,
  type OfferEvent,
  type OfferRejection,
} from '../../domain/offer/index.js';
import type { CommandContext, Committed, Executor, ExecutorRejection } from '../executor/contract.js';

/** What an offer says: everything but its sku. */
export interface OfferContent {
  readonly details: OfferDetails;
  readonly price: Money;
}

export type OfferOutcome = Either<OfferRejection | ExecutorRejection, Committed<Offer, OfferEvent>>;

/** Puts a new article on sale. An offer that exists is refused with `AlreadyExists`: replacing it takes `replaceOffer`. */
export const publishOffer = (
  executor: Executor,
  sku: Sku,
  { details, price }: OfferContent,
  context: CommandContext,
): Promise<OfferOutcome> =>
  executor.execute(
    offer,
    offerStream(sku),
    { type: 'PublishOffer', sku, details, price, at: context.at },
    { ...context, creates: true },
  );
