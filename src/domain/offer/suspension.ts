import { isBefore } from '../kernel/instant.js';
import type { LocationId } from '../kernel/ids.js';
import type { OfferView } from './commands.js';
import type { Suspension } from './state.js';

/** Why the offer is not to be had at a location at a moment (RFC 3339); undefined when it is. */
export const suspensionAt = (
  { suspensions = [] }: Pick<OfferView, 'suspensions'>,
  locationId: LocationId,
  at: string,
): Suspension | undefined =>
  suspensions.find(
    (one) =>
      (one.locationId === undefined || one.locationId === locationId) &&
      (one.until === undefined || isBefore(at, one.until)),
  );
