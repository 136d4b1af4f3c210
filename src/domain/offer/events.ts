import * as t from 'io-ts';
import { type EventOf, eventCodec } from '../kernel/eventCodec.js';
import { SkuCodec } from '../kernel/ids.js';
import { MoneyCodec } from '../kernel/money.js';

/** What an offer says besides its price. */
export const OfferDetailsCodec = t.intersection([
  t.type({ name: t.string, trackStock: t.boolean, taxClass: t.string }),
  t.partial({ station: t.string, prepSeconds: t.number }),
]);
export type OfferDetails = t.TypeOf<typeof OfferDetailsCodec>;

const definitions = {
  OfferDrafted: { v: 1, data: t.intersection([t.type({ sku: SkuCodec }), OfferDetailsCodec]) },
  OfferPublished: { v: 1, data: t.type({}) },
  OfferChanged: { v: 1, data: OfferDetailsCodec },
  PriceSet: { v: 1, data: t.type({ price: MoneyCodec, validFrom: t.string }) },
} as const;

/** Every event of an offer, as a union discriminated by `type`. */
export type OfferEvent = EventOf<typeof definitions>;
export const offerEvents = eventCodec(definitions);
