import type { LocationEvent } from './events.js';

type Data<Type extends LocationEvent['type']> = Extract<LocationEvent, { type: Type }>['data'];

/** What a location says of itself. */
export type Location = Data<'LocationOpened'>;

/** Why, and until when (RFC 3339; absent: until somebody resumes), nobody can order. */
export type Pause = Data<'OrderingPaused'>;

/** A location, or none yet. */
export type LocationState =
  { readonly status: 'none' } | { readonly status: 'open'; readonly location: Location; readonly paused?: Pause };

/** What clients see of a location. */
export interface LocationView extends Location {
  readonly paused?: Pause;
  readonly revision: number;
}
