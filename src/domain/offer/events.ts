import * as t from 'io-ts';
import { type EventOf, eventCodec } from '../kernel/eventCodec.js';
import { LocationIdCodec, SkuCodec } from '../kernel/ids.js';
import { MoneyCodec } from '../kernel/money.js';
import { OrderModeCodec } from '../order/events.js';

const ChoiceCodec = t.type({ id: t.string, name: t.string, price: MoneyCodec });

/** A group of choices of which at least `min` and at most `max` are taken. */
const OptionCodec = t.type({
  id: t.string,
  name: t.string,
  min: t.number,
  max: t.number,
  choices: t.readonlyArray(ChoiceCodec),
});
export type OfferOption = t.TypeOf<typeof OptionCodec>;

/** What an offer says besides its price. */
const OfferDetailsCodec = t.intersection([
  t.type({ name: t.string, trackStock: t.boolean, taxClass: t.string }),
  t.partial({
    station: t.string,
    prepSeconds: t.number,
    options: t.readonlyArray(OptionCodec),
    /** What is in it that some must not eat. */
    allergens: t.readonlyArray(t.string),
    /** What one unit weighs, in grams. */
    weight: t.number,
    /** In which ways it can be had; absent: in all that its location offers. */
    modes: t.readonlyArray(OrderModeCodec),
  }),
]);
export type OfferDetails = t.TypeOf<typeof OfferDetailsCodec>;

const definitions = {
  OfferDrafted: { v: 1, data: t.intersection([t.type({ sku: SkuCodec }), OfferDetailsCodec]) },
  OfferPublished: { v: 1, data: t.type({}) },
  OfferChanged: { v: 1, data: OfferDetailsCodec },
  /** With a location: there alone, instead of what it costs elsewhere. */
  PriceSet: {
    v: 1,
    data: t.intersection([
      t.type({ price: MoneyCodec, validFrom: t.string }),
      t.partial({ locationId: LocationIdCodec }),
    ]),
  },
  /** There it costs again what it costs elsewhere. */
  PriceDropped: { v: 1, data: t.type({ locationId: LocationIdCodec }) },
  /** Not to be had for a while: at one location or, without one, at all; `until` absent: until it is resumed. */
  OfferSuspended: {
    v: 1,
    data: t.intersection([t.type({ reason: t.string }), t.partial({ locationId: LocationIdCodec, until: t.string })]),
  },
  /** It is not to be had any more, and never again. */
  OfferRetired: { v: 1, data: t.type({}) },
  OfferResumed: { v: 1, data: t.partial({ locationId: LocationIdCodec }) },
} as const;

/** Every event of an offer, as a union discriminated by `type`. */
export type OfferEvent = EventOf<typeof definitions>;
export const offerEvents = eventCodec(definitions);
