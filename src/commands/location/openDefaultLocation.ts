import * as E from 'fp-ts/lib/Either.js';
import type { LocationId } from '../../domain/kernel/ids.js';
import { locationStream } from '../../domain/kernel/streams.js';
import { type Location, location } from '../../domain/location/index.js';
import type { Executor } from '../executor/contract.js';
import { derivedCommandId } from '../identity.js';
import type { Clock } from '../ports/clock.js';

/** The one location that there is until locations can be opened over HTTP. */
export const DEFAULT_LOCATION: Location = {
  locationId: 'main' as LocationId,
  name: 'Main',
  timeZone: 'UTC',
  modes: ['pickup', 'dine_in'],
  taxRateBp: 0,
  taxInclusive: true,
  paymentWindowMinutes: 30,
  defaultStation: 'main',
};

const ISSUER = 'first-start';

/**
 * Opens the location `main` on an empty store; on any later start it is there already, as it was opened or as it was
 * changed since, and stays as it is. Processes that start at once may all call it: the first one wins.
 *
 * @returns whether this call opened it
 * @throws StoreUnavailable
 */
export async function openDefaultLocation(executor: Executor, clock: Clock): Promise<boolean> {
  const stream = locationStream(DEFAULT_LOCATION.locationId);
  const commandId = derivedCommandId(ISSUER, 'main', 'OpenLocation', stream);
  const outcome = await executor.execute(
    location,
    stream,
    { type: 'OpenLocation', location: DEFAULT_LOCATION },
    {
      commandId,
      correlationId: commandId,
      causationId: null,
      actor: { kind: 'system', id: `system/${ISSUER}` },
      tenant: 'main',
      at: clock.now(),
    },
  );
  return E.isRight(outcome) && !outcome.right.repeated && outcome.right.events.length > 0;
}
