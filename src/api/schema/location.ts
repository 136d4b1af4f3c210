import { currency, price } from './amounts.js';
import { locationId, revision } from './ids.js';
import { orderMode } from './order.js';
import { houseAddress } from './person.js';
import { country } from './places.js';
import { boolean, dateTime, integer, matching, oneOf, text } from './primitives.js';
import { described, named } from './schema.js';
import { list, object } from './structures.js';

const time = described(matching(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of a day such as 09:30'), 'Local time', '09:30');
export const date = matching(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'a date such as 2026-12-24');
const basisPoints = described(integer(0, 10_000), 'In basis points: 1900 is 19 %', 1900);
const majorUnits = integer(0, 1_000_000);
/** A payment page of the provider is open for no longer. */
const A_DAY_IN_MINUTES = 24 * 60;
const MANY = 200;

const hours = named(
  'OpeningHours',
  object({
    weekly: described(
      list(
        object(
          { days: list(described(integer(1, 7), '1 is Monday'), { min: 1, max: 7 }), from: time, to: time },
          { modes: list(orderMode, { min: 1, max: 5 }) },
        ),
        { max: MANY },
      ),
      'One that ends before it begins ends on the next day',
    ),
    exceptions: described(
      list(
        object(
          { date, hours: list(object({ from: time, to: time }), { max: 10 }) },
          { modes: list(orderMode, { min: 1, max: 5 }) },
        ),
        { max: MANY },
      ),
      'What holds on a date instead; no hours: closed. Without modes for all of which the date says nothing else',
    ),
  }),
);

const screening = named(
  'Screening',
  object(
    {},
    {
      timeoutSeconds: described(
        integer(1, 3600),
        'How long the check engine may take; absent: as the settings say',
        30,
      ),
      onSilence: described(
        oneOf('hold', 'pass'),
        'What becomes of an order that it says nothing about in time; absent: as the settings say',
      ),
      reviewAbove: described(majorUnits, 'In major units: above it somebody looks at the order'),
      rejectAbove: described(majorUnits, 'In major units: above it the order is declined'),
      reviewQuantityAbove: described(integer(1, 999), 'Units of one article above which somebody looks at the order'),
      zones: described(list(text(10), { max: MANY }), 'Postal prefixes that are served; absent: all'),
      reviewWeightAbove: described(
        integer(1, 1_000_000_000),
        'In grams, by what the offers say: above it somebody looks at the order',
        20_000,
      ),
      reviewNewAbove: described(majorUnits, 'In major units: above it somebody looks at the first order of a customer'),
    },
  ),
);

const deliveryZone = named(
  'DeliveryZone',
  object(
    { zone: text(40), postalPrefixes: described(list(text(10), { min: 1, max: MANY }), 'How its postal codes begin') },
    {
      country,
      fee: described(
        price,
        'What bringing it there costs, with or without its tax like the prices; taxed as the tax class delivery. Absent: nothing',
      ),
      freeFrom: described(price, 'An order whose lines come to so much is brought for nothing'),
      minimumOrder: described(price, 'An order whose lines come to less is not brought'),
    },
  ),
);

/** What a location says of itself, besides its id. */
export const locationProperties = {
  required: {
    name: text(100),
    timeZone: described(text(60), 'IANA name', 'Europe/Berlin'),
    modes: list(orderMode, { min: 1, max: 5 }),
    taxRateBp: described(basisPoints, 'For tax classes that taxRates does not name'),
    taxInclusive: described(boolean, 'Whether prices hold the tax'),
    defaultStation: text(40),
  },
  optional: {
    paymentWindowMinutes: described(
      integer(1, A_DAY_IN_MINUTES),
      'How long a customer may take to pay; absent: as the settings say',
    ),
    currency: described(
      currency,
      'What is sold in another one is not sold here; absent: whatever its offers are priced in',
    ),
    deliveryZones: described(
      list(deliveryZone, { min: 1, max: MANY }),
      'What is brought (mode delivery) goes there and nowhere else; absent: anywhere',
    ),
    taxRates: list(
      object(
        { taxClass: text(40), rateBp: basisPoints },
        {
          modes: list(orderMode, { min: 1, max: 5 }),
          validFrom: dateTime,
          validUntil: described(dateTime, 'It holds no more from then on'),
        },
      ),
      { max: MANY },
    ),
    stations: described(
      list(text(40), { min: 1, max: MANY }),
      'Where things are made here, the default station among them: what an offer wants made elsewhere is made there. Absent: ' +
        'wherever an offer says',
    ),
    hours: described(hours, 'Absent: always open'),
    businessDayBegins: described(time, 'When the business day changes; absent: at midnight'),
    payLater: described(boolean, 'Whether customers may pay afterwards'),
    captureMode: described(
      oneOf('automatic', 'manual'),
      'Manual: money is held when the customer pays, and taken when the kitchen accepts; absent: taken at once',
    ),
    kitchenCapacity: described(
      integer(1, 10_000),
      'Units that the kitchen makes in a quarter of an hour: what is more is made, and promised, later; absent: whatever comes',
      40,
    ),
    screening: described(screening, 'Absent: orders are not checked'),
    address: described(houseAddress, 'Where carriers fetch what is sent'),
  },
} as const;

export const pauseAnswer = object({ reason: text(500) }, { until: dateTime });

export const locationAnswer = named(
  'Location',
  object(
    { locationId, ...locationProperties.required, revision },
    {
      ...locationProperties.optional,
      paused: described(pauseAnswer, 'Nobody can order, until then or until it is resumed'),
    },
  ),
);
