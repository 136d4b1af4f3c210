import type { Either } from 'fp-ts/lib/Either.js';
import type { LocationId } from '../../domain/kernel/ids.js';
import { locationStream } from '../../domain/kernel/streams.js';
import {
  location,
  type LocationCommand,
  type LocationEvent,
  type LocationRejection,
  type LocationState,
} from '../../domain/location/index.js';
import type { CommandContext, Committed, Executor, ExecutorRejection } from '../executor/contract.js';

export type LocationOutcome = Either<LocationRejection | ExecutorRejection, Committed<LocationState, LocationEvent>>;

/** Opens a location, changes what it says of itself, or pauses and resumes ordering there. */
export const askLocation = (
  executor: Executor,
  id: LocationId,
  command: LocationCommand,
  context: CommandContext,
): Promise<LocationOutcome> => executor.execute(location, locationStream(id), command, context);
