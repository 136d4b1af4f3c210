import { locationStream } from '../../domain/kernel/streams.js';
import { location } from '../../domain/location/index.js';
import { asking } from '../executor/ask.js';

/** Opens a location, changes what it says of itself, or pauses and resumes ordering there. */
export const askLocation = asking(location, locationStream);

export type LocationOutcome = Awaited<ReturnType<typeof askLocation>>;
