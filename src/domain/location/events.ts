import * as t from 'io-ts';
import { type EventOf, eventCodec } from '../kernel/eventCodec.js';
import { LocationIdCodec } from '../kernel/ids.js';
import { OrderModeCodec } from '../order/events.js';

const definitions = {
  LocationOpened: {
    v: 1,
    data: t.type({
      locationId: LocationIdCodec,
      name: t.string,
      /** IANA name, such as `UTC` or `Europe/London`. */
      timeZone: t.string,
      modes: t.readonlyArray(OrderModeCodec),
      taxRateBp: t.number,
      taxInclusive: t.boolean,
      paymentWindowMinutes: t.number,
      defaultStation: t.string,
    }),
  },
} as const;

/** Every event of a location, as a union discriminated by `type`. */
export type LocationEvent = EventOf<typeof definitions>;
export const locationEvents = eventCodec(definitions);
