import * as t from 'io-ts';
import { LocationIdCodec, SkuCodec } from '../../domain/kernel/ids.js';
import { MoneyCodec } from '../../domain/kernel/money.js';

/** `offer.changed.v1`: an article is on sale like this now: new, changed, or to be had again where it was suspended. */
export const OfferChangedV1 = t.type({ sku: SkuCodec, name: t.string, price: MoneyCodec });
export type OfferChangedV1 = t.TypeOf<typeof OfferChangedV1>;

/**
 * `offer.suspended.v1`: an article is not to be had for a while: at one location or, without one, at all; until then
 * (RFC 3339) or until it is resumed.
 */
export const OfferSuspendedV1 = t.intersection([
  t.type({ sku: SkuCodec, reason: t.string }),
  t.partial({ locationId: LocationIdCodec, until: t.string }),
]);
export type OfferSuspendedV1 = t.TypeOf<typeof OfferSuspendedV1>;
