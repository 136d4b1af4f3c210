import type { Aggregate } from '../kernel/aggregate.js';
import { assertNever } from '../kernel/assertNever.js';
import { canonicalJson } from '../kernel/canonicalJson.js';
import { alreadyTrue, record, refuse } from '../kernel/decision.js';
import { alreadyExists } from '../kernel/rejections.js';
import type { LocationCommand } from './commands.js';
import { type LocationEvent, locationEvents } from './events.js';
import type { LocationRejection } from './rejections.js';
import type { Location, LocationState } from './state.js';

/** A shop or restaurant with what it offers: `location-{locationId}`. */
export const location: Aggregate<LocationState, LocationCommand, LocationEvent, LocationRejection> = {
  category: 'location',
  initial: { status: 'none' },
  decide: (command, state) => {
    switch (command.type) {
      case 'OpenLocation':
        if (state.status === 'none') return record({ type: 'LocationOpened', data: command.location });
        return canonicalJson(state.location) === canonicalJson(command.location)
          ? alreadyTrue
          : refuse(alreadyExists('location', state.location.locationId));
      default:
        return assertNever(command.type);
    }
  },
  evolve: (state, event) => {
    switch (event.type) {
      case 'LocationOpened':
        return state.status === 'none' ? { status: 'open', location: event.data } : state;
      default:
        return assertNever(event.type);
    }
  },
  codec: locationEvents,
  stateVersion: 1,
};

/** The location as it stands, undefined when it was never opened. It has no view of its own: it is its own data. */
export const representLocation = (state: LocationState): Location | undefined =>
  state.status === 'open' ? state.location : undefined;

export type { LocationCommand } from './commands.js';
export type { LocationEvent } from './events.js';
export type { LocationRejection } from './rejections.js';
export type { Location, LocationState } from './state.js';
