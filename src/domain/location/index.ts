import type { Aggregate } from '../kernel/aggregate.js';
import { assertNever } from '../kernel/assertNever.js';
import type { LocationCommand } from './commands.js';
import { decide } from './decide.js';
import { type LocationEvent, locationEvents } from './events.js';
import type { LocationRejection } from './rejections.js';
import type { LocationState, LocationView } from './state.js';

/** A shop or restaurant with what it offers and when: `location-{locationId}`. */
export const location: Aggregate<LocationState, LocationCommand, LocationEvent, LocationRejection> = {
  category: 'location',
  initial: { status: 'none' },
  decide,
  evolve,
  codec: locationEvents,
  stateVersion: 1,
};

/** The location after an event. Total: a fact that fits nothing changes nothing. */
function evolve(state: LocationState, event: LocationEvent): LocationState {
  if (state.status === 'none') {
    return event.type === 'LocationOpened' ? { status: 'open', location: event.data } : state;
  }
  switch (event.type) {
    case 'LocationOpened':
      return state;
    case 'LocationChanged':
      return { ...state, location: event.data.location };
    case 'OrderingPaused':
      return { ...state, paused: event.data };
    case 'OrderingResumed':
      return { status: 'open', location: state.location };
    default:
      return assertNever(event);
  }
}

/** The location as it stands, at the given revision; undefined when it was never opened. */
export const representLocation = (state: LocationState, revision: number): LocationView | undefined =>
  state.status === 'open'
    ? { ...state.location, ...(state.paused ? { paused: state.paused } : {}), revision }
    : undefined;

export type { LocationCommand } from './commands.js';
export type { DeliveryZone, LocationEvent } from './events.js';
export { businessDate, businessDayEnds, isPaused, openingAt, taxRateOf } from './opening.js';
export { openQuarters } from './slots.js';
export {
  type AddressNotServed,
  type OrderingRejection,
  whyNoFee,
  whyNoOrder,
  whyNotBrought,
  whyNotThere,
} from './ordering.js';
export type * from './rejections.js';
export type * from './state.js';
export { type Place, postalPrefixOf, zoneOf } from './zones.js';
