import type { LocationEvent } from './events.js';

/** Everything that may be asked of a location. */
export type LocationCommand = { readonly type: 'OpenLocation'; readonly location: LocationEvent['data'] };
