import { instantOf, writtenInstant } from '../kernel/instant.js';
import type { OrderMode } from '../order/events.js';
import { isPaused, openingAt } from './opening.js';
import type { Location, LocationView } from './state.js';
import { dependsOnPlace, type Place, zoneOf } from './zones.js';

/** Nobody is there when the order is wanted; `opensAt` (RFC 3339, UTC) is when somebody is next, absent: not within a month. */
export interface LocationClosed {
  readonly _tag: 'LocationClosed';
  readonly opensAt?: string;
}

/** The location takes no orders for the moment; `until` is absent where nobody has said. */
export interface OrderingIsPaused {
  readonly _tag: 'OrderingIsPaused';
  readonly reason: string;
  readonly until?: string;
}

/** Nobody can promise this time: it is over, or too far ahead. */
export interface PromiseOutOfRange {
  readonly _tag: 'PromiseOutOfRange';
  readonly earliest: string;
  readonly latest: string;
}

/** Nobody brings anything there, or not for what was agreed. */
export interface AddressNotServed {
  readonly _tag: 'AddressNotServed';
  readonly why?: 'costs-more';
}

/** What it costs depends on where it is brought to, and nobody says that. */
export interface PlaceUnknown {
  readonly _tag: 'PlaceUnknown';
}

/** Why a location takes no order, or does not bring it there, or then. */
export type OrderingRejection = LocationClosed | OrderingIsPaused | PromiseOutOfRange | AddressNotServed | PlaceUnknown;

/** How far ahead an order may be wanted. */
const LATEST_DAYS = 30;
const DAY_MS = 86_400_000;

/**
 * Whether a location takes an order now.
 * @param wanted the mode, the time of the request, and when the order is wanted where that is not as soon as may be; RFC 3339
 */
export function whyNoOrder(
  location: LocationView,
  { mode, at, promisedAt }: { readonly mode: OrderMode; readonly at: string; readonly promisedAt?: string },
): OrderingRejection | undefined {
  const { paused } = location;
  if (isPaused(paused, at)) {
    const { reason, until } = paused;
    return { _tag: 'OrderingIsPaused', reason, ...(until === undefined ? {} : { until }) };
  }
  return whyNotThen(location, { mode, at, ...(promisedAt === undefined ? {} : { promisedAt }) });
}

/** Whether anything is brought to a place; undefined: it is, or nobody says what its postal code is. */
export function whyNotThere(location: Location, mode: OrderMode, place: Place): AddressNotServed | undefined {
  const { postalCode } = place;
  if (postalCode === undefined) return undefined;
  const isServed = location.screening?.zones?.some((zone) => postalCode.startsWith(zone)) ?? true;
  return isServed ? whyNotBrought(location, mode, place) : { _tag: 'AddressNotServed' };
}

/** The same, without what the check engine says of it when an order is placed. A parcel goes anywhere. */
export const whyNotBrought = (location: Location, mode: OrderMode, place: Place): AddressNotServed | undefined =>
  mode !== 'delivery' ||
  location.deliveryZones === undefined ||
  place.postalCode === undefined ||
  zoneOf(location, place) !== undefined
    ? undefined
    : { _tag: 'AddressNotServed' };

/** Why nobody can say what bringing an order to a place costs; undefined: it is known, or costs the same everywhere. */
export function whyNoFee(
  location: Location,
  mode: OrderMode,
  place: Place,
): AddressNotServed | PlaceUnknown | undefined {
  if (mode !== 'delivery' || !dependsOnPlace(location)) return undefined;
  return place.postalCode === undefined ? { _tag: 'PlaceUnknown' } : whyNotBrought(location, mode, place);
}

/** Whether somebody is there for an order when it is wanted. */
function whyNotThen(
  location: LocationView,
  { mode, at, promisedAt }: { readonly mode: OrderMode; readonly at: string; readonly promisedAt?: string },
): LocationClosed | PromiseOutOfRange | undefined {
  if (promisedAt !== undefined) {
    const ahead = instantOf(promisedAt) - instantOf(at);
    if (ahead < 0 || ahead > LATEST_DAYS * DAY_MS) {
      const latest = writtenInstant(instantOf(at) + LATEST_DAYS * DAY_MS);
      return { _tag: 'PromiseOutOfRange', earliest: at, latest };
    }
  }
  const opening = openingAt(location, mode, promisedAt ?? at);
  if (opening.open) return undefined;
  return { _tag: 'LocationClosed', ...(opening.opensAt === undefined ? {} : { opensAt: opening.opensAt }) };
}
