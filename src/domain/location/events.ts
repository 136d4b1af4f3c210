import * as t from 'io-ts';
import { type EventOf, eventCodec } from '../kernel/eventCodec.js';
import { LocationIdCodec } from '../kernel/ids.js';
import { MoneyCodec } from '../kernel/money.js';
import { AddressCodec } from '../kernel/person.js';
import { CheckLimitsCodec, OrderModeCodec } from '../order/events.js';

/** Local times of a day, `HH:MM`. One that ends before it begins ends on the next day. */
const IntervalCodec = t.type({ from: t.string, to: t.string });
export type Interval = t.TypeOf<typeof IntervalCodec>;

const OpeningHoursCodec = t.type({
  weekly: t.readonlyArray(
    t.intersection([
      IntervalCodec,
      /** 1 is Monday, 7 is Sunday. */
      t.type({ days: t.readonlyArray(t.number) }),
      /** Absent: for all that the location offers. */
      t.partial({ modes: t.readonlyArray(OrderModeCodec) }),
    ]),
  ),
  /** What holds on a date (`YYYY-MM-DD`) instead; nothing: closed. `modes` absent: for all of which the date says nothing else. */
  exceptions: t.readonlyArray(
    t.intersection([
      t.type({ date: t.string, hours: t.readonlyArray(IntervalCodec) }),
      t.partial({ modes: t.readonlyArray(OrderModeCodec) }),
    ]),
  ),
});
export type OpeningHours = t.TypeOf<typeof OpeningHoursCodec>;

const TaxRateCodec = t.intersection([
  t.type({ taxClass: t.string, rateBp: t.number }),
  /**
   * RFC 3339: of those that have begun (`validFrom`) and are not over (`validUntil`, when they hold no more) the last one holds.
   * `modes` absent: for all.
   */
  t.partial({ modes: t.readonlyArray(OrderModeCodec), validFrom: t.string, validUntil: t.string }),
]);

/** Where the location brings things: postal codes that begin so. */
const DeliveryZoneCodec = t.intersection([
  t.type({ zone: t.string, postalPrefixes: t.readonlyArray(t.string) }),
  t.partial({
    /** ISO 3166-1 alpha-2; absent: wherever. */
    country: t.string,
    /** What bringing it there costs, taxed like the lines of an order; absent: nothing. */
    fee: MoneyCodec,
    /** Lines that come to so much are brought for nothing. */
    freeFrom: MoneyCodec,
    /** Lines that come to less are not brought. */
    minimumOrder: MoneyCodec,
  }),
]);
export type DeliveryZone = t.TypeOf<typeof DeliveryZoneCodec>;

/** As an order has it, but for what the settings of the house may say. */
const LocationScreeningCodec = t.intersection([
  CheckLimitsCodec,
  t.partial({ timeoutSeconds: t.number, onSilence: t.keyof({ hold: null, pass: null }) }),
]);

const LocationDetailsCodec = t.intersection([
  t.type({
    locationId: LocationIdCodec,
    name: t.string,
    /** IANA name, such as `UTC` or `Europe/London`. */
    timeZone: t.string,
    modes: t.readonlyArray(OrderModeCodec),
    /** For tax classes that `taxRates` does not name. */
    taxRateBp: t.number,
    taxInclusive: t.boolean,
    defaultStation: t.string,
  }),
  t.partial({
    /** How long a customer may take to pay; absent: as the settings of the house say. */
    paymentWindowMinutes: t.number,
    /** ISO 4217: what is sold in another one is not sold here; absent: whatever its offers are priced in. */
    currency: t.string,
    /** What is brought goes there and nowhere else; absent: anywhere. */
    deliveryZones: t.readonlyArray(DeliveryZoneCodec),
    taxRates: t.readonlyArray(TaxRateCodec),
    /** Where things are made here, the default station among them; absent: wherever an offer says. */
    stations: t.readonlyArray(t.string),
    /** Absent: always open. */
    hours: OpeningHoursCodec,
    /** Local time at which the business day changes, `HH:MM`; absent: midnight. */
    businessDayBegins: t.string,
    /** Whether customers may pay afterwards; absent: no. */
    payLater: t.boolean,
    /** Manual: the money is held when the customer pays, and taken when the kitchen accepts. Absent: taken at once. */
    captureMode: t.keyof({ automatic: null, manual: null }),
    /** Units that the kitchen makes in a quarter of an hour; absent: whatever comes. */
    kitchenCapacity: t.number,
    /** Absent: orders are not checked. */
    screening: LocationScreeningCodec,
    /** Where carriers fetch what is sent: the house's, no person's. */
    address: AddressCodec,
  }),
]);

const definitions = {
  LocationOpened: { v: 1, data: LocationDetailsCodec },
  /** Everything that holds from now on. */
  LocationChanged: { v: 1, data: t.type({ location: LocationDetailsCodec, reason: t.string }) },
  /** `until` is RFC 3339; absent: until it is resumed. */
  OrderingPaused: { v: 1, data: t.intersection([t.type({ reason: t.string }), t.partial({ until: t.string })]) },
  OrderingResumed: { v: 1, data: t.type({}) },
} as const;

/** Every event of a location, as a union discriminated by `type`. */
export type LocationEvent = EventOf<typeof definitions>;
export const locationEvents = eventCodec(definitions);
