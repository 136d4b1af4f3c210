import type { Sku } from '../../domain/kernel/ids.js';
import { offerStream } from '../../domain/kernel/streams.js';
import { offer } from '../../domain/offer/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import type { OfferContent, OfferOutcome } from './publishOffer.js';

/** Changes an offer to what is given; orders that were placed keep the price that they were placed at. */
export const replaceOffer = (
  executor: Executor,
  sku: Sku,
  { details, price }: OfferContent,
  context: CommandContext,
): Promise<OfferOutcome> =>
  executor.execute(offer, offerStream(sku), { type: 'ReplaceOffer', details, price, at: context.at }, context);
