import type { Sku } from '../../domain/kernel/ids.js';
import { offerStream } from '../../domain/kernel/streams.js';
import { offer } from '../../domain/offer/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import type { OfferOutcome } from './publishOffer.js';

/** Takes an article off the menu for good. Orders that were placed keep it. */
export const retireOffer = (executor: Executor, sku: Sku, context: CommandContext): Promise<OfferOutcome> =>
  executor.execute(offer, offerStream(sku), { type: 'RetireOffer' }, context);
