import type { LocationId, Sku } from '../kernel/ids.js';
import type { Money } from '../kernel/money.js';
import type { OfferDetails, OfferOption } from './events.js';
import type { LocationPrice, Suspension } from './state.js';

/** Everything that may be asked of an offer. PublishOffer makes a new one, ReplaceOffer changes one that exists. */
export type OfferCommand =
  | {
      readonly type: 'PublishOffer';
      readonly sku: Sku;
      readonly details: OfferDetails;
      readonly price: Money;
      readonly at: string;
    }
  | { readonly type: 'ReplaceOffer'; readonly details: OfferDetails; readonly price: Money; readonly at: string }
  /** Not to be had for a while; `until` is RFC 3339, absent: until it is resumed. */
  | {
      readonly type: 'SuspendOffer';
      readonly locationId?: LocationId;
      readonly until?: string;
      readonly reason: string;
    }
  | { readonly type: 'ResumeOffer'; readonly locationId?: LocationId }
  /** What it costs from now on: at one location or, without one, wherever it has no price of its own. */
  | { readonly type: 'SetPrice'; readonly price: Money; readonly locationId?: LocationId; readonly at: string }
  /** It costs there what it costs elsewhere. */
  | { readonly type: 'DropPrice'; readonly locationId: LocationId }
  /** For good: what was ordered of it is made all the same. */
  | { readonly type: 'RetireOffer' };

/** What clients see of an offer. */
export interface OfferView {
  readonly sku: Sku;
  readonly name: string;
  readonly price: Money;
  readonly trackStock: boolean;
  readonly station?: string;
  readonly prepSeconds?: number;
  readonly taxClass?: string;
  readonly allergens?: readonly string[];
  /** What one unit weighs, in grams. */
  readonly weight?: number;
  readonly options?: readonly OfferOption[];
  /** In which ways it can be had; absent: in all that its location offers. */
  readonly modes?: OfferDetails['modes'];
  /** Where it costs something else; absent: nowhere. */
  readonly locationPrices?: readonly LocationPrice[];
  /** Where and until when it is not to be had; absent: everywhere it is. */
  readonly suspensions?: readonly Suspension[];
  readonly status: 'draft' | 'on_sale' | 'retired';
  readonly revision: number;
}
