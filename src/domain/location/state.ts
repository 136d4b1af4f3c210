import type { LocationEvent } from './events.js';

/** What is known of a location; undefined until it is opened. */
export type Location = LocationEvent['data'];
