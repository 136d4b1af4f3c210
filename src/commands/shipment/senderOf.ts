import type { LocationId } from '../../domain/kernel/ids.js';
import { locationStream } from '../../domain/kernel/streams.js';
import { location } from '../../domain/location/index.js';
import type { Sender } from '../../domain/shipment/index.js';
import type { Executor } from '../executor/contract.js';

/**
 * Where a carrier fetches what this location sends.
 * @throws StoreUnavailable
 */
export async function senderOf(executor: Executor, locationId: LocationId): Promise<Sender> {
  const { state } = await executor.load(location, locationStream(locationId));
  // what was ordered there is sent, whatever has become of the location
  if (state.status === 'none') return { locationId, name: locationId };
  const { name, address } = state.location;
  return { locationId, name, ...(address === undefined ? {} : { address }) };
}
