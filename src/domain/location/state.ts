import type { LocationEvent } from './events.js';

/** What is known of an open location. */
export type Location = LocationEvent['data'];

/** A location, or none yet. */
export type LocationState = { readonly status: 'none' } | { readonly status: 'open'; readonly location: Location };
