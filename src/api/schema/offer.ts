import { price } from './amounts.js';
import { locationId, revision, sku } from './ids.js';
import { orderMode } from './order.js';
import { boolean, dateTime, integer, oneOf, text } from './primitives.js';
import { described, named } from './schema.js';
import { list, object } from './structures.js';

const LONGEST_PREPARATION = 86_400;
/** A tonne: what weighs more is not handed over a counter, nor sent by parcel. */
const HEAVIEST_GRAMS = 1_000_000;

const offerOption = named(
  'OfferOption',
  object({
    id: text(40),
    name: text(100),
    min: described(integer(0, 50), 'So many must be taken'),
    max: described(integer(1, 50), 'So many may be taken'),
    choices: list(
      object({ id: text(40), name: text(100), price: described(price, 'What it costs on top, each time') }),
      { min: 1, max: 100 },
    ),
  }),
);

export const offerProperties = {
  required: { name: text(100), price, trackStock: described(boolean, 'Whether stock is kept of it') },
  optional: {
    station: described(text(40), 'Where it is made; absent: the default station of the location', 'oven'),
    prepSeconds: described(integer(0, LONGEST_PREPARATION), 'How long it takes to make', 300),
    taxClass: described(text(40), 'What locations have tax rates for; absent: standard', 'food'),
    options: described(list(offerOption, { max: 50 }), 'What can be chosen with it'),
    weight: described(integer(1, HEAVIEST_GRAMS), 'What one unit weighs, in grams', 350),
    modes: described(
      list(orderMode, { min: 1, max: 5 }),
      'In which ways it can be had, where its location offers them; absent: in all of them',
    ),
    allergens: described(list(text(40), { max: 30 }), 'What is in it that some must not eat: the kitchen sees it'),
  },
} as const;

export const offerAnswer = named(
  'Offer',
  object(
    { sku, ...offerProperties.required, status: oneOf('draft', 'on_sale', 'retired'), revision },
    {
      ...offerProperties.optional,
      locationPrices: described(list(object({ locationId, price })), 'Where it costs something else'),
      suspensions: described(
        list(object({ reason: text(500) }, { locationId, until: dateTime })),
        'Where (absent: everywhere) and until when it is not to be had',
      ),
    },
  ),
);
