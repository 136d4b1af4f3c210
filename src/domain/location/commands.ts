import type { Location } from './state.js';

/** Everything that may be asked of a location. `at` and `until` are RFC 3339, UTC. */
export type LocationCommand =
  | { readonly type: 'OpenLocation'; readonly location: Location }
  | { readonly type: 'ChangeLocation'; readonly location: Location; readonly reason: string }
  | { readonly type: 'PauseOrdering'; readonly reason: string; readonly until?: string; readonly at: string }
  | { readonly type: 'ResumeOrdering' };
