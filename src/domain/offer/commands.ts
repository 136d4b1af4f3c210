import type { Sku } from '../kernel/ids.js';
import type { Money } from '../kernel/money.js';
import type { OfferDetails } from './events.js';

/** Everything that may be asked of an offer. PublishOffer makes a new one, ReplaceOffer changes one that exists. */
export type OfferCommand =
  | {
      readonly type: 'PublishOffer';
      readonly sku: Sku;
      readonly details: OfferDetails;
      readonly price: Money;
      readonly at: string;
    }
  | { readonly type: 'ReplaceOffer'; readonly details: OfferDetails; readonly price: Money; readonly at: string };

/** What clients see of an offer. */
export interface OfferView {
  readonly sku: Sku;
  readonly name: string;
  readonly price: Money;
  readonly trackStock: boolean;
  readonly station?: string;
  readonly prepSeconds?: number;
  readonly status: 'draft' | 'on_sale';
  readonly revision: number;
}
