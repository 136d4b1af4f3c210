import { bookingIdOf } from '../../commands/identity.js';
import { senderOf } from '../../commands/shipment/senderOf.js';
import type { ApiDependencies } from '../dependencies.js';
import type { Route } from '../http/route.js';
import { integer, matching, text } from '../schema/primitives.js';
import { described } from '../schema/schema.js';
import { list, object } from '../schema/structures.js';
import { shipmentVerb } from './shipmentVerb.js';

/** Ten tonnes, ten metres: whoever sends more does not send parcels. */
const HEAVIEST_GRAMS = 10_000_000;
const LONGEST_MM = 10_000;
const MOST_PARCELS = 50;

const millimetres = described(integer(1, LONGEST_MM), 'In millimetres', 400);
const parcel = object(
  { weight: described(integer(1, HEAVIEST_GRAMS), 'In grams', 1200) },
  { length: millimetres, width: millimetres, height: millimetres },
);

/** Who is to bring a shipment: a carrier that sells a label for it, or one of ours. */
export function shipmentCarriageRoutes({ executor }: ApiDependencies): readonly Route[] {
  const verb = shipmentVerb(executor);
  return [
    verb(
      'label',
      'buyShipmentLabel',
      'Buy a label from a carrier',
      {
        schema: object(
          { carrier: text(40), parcels: list(parcel, { min: 1, max: MOST_PARCELS }) },
          { service: text(40) },
        ),
        description:
          'The carrier is asked and answers later: label.state is requested, then bought (with its tracking number) or ' +
          'refused (with the reason); lapsed where it says nothing for a day, void where the shipment goes elsewhere by ' +
          'then. With the same Idempotency-Key a repeat is the same wish.',
      },
      async ({ carrier, service, parcels }, { by, at, key, details }) => ({
        type: 'BuyLabel',
        bookingId: bookingIdOf(details.shipmentId, key),
        carrier,
        parcels,
        from: await senderOf(executor, details.locationId),
        by,
        at,
        ...(service === undefined ? {} : { service }),
      }),
    ),
    verb(
      'courier',
      'assignCourier',
      'One of ours brings it',
      {
        schema: object({
          courier: described(
            matching(
              /^[A-Za-z0-9][A-Za-z0-9._/-]{0,59}$/,
              'an id of up to 60 letters, digits, dots, dashes and slashes',
            ),
            'An id, as staff have them; not a name',
            'staff/7',
          ),
        }),
        description: 'Until it has arrived, unless a carrier is to bring it, or has it.',
      },
      ({ courier }, { by, at }) => ({ type: 'AssignCourier', courier, by, at }),
    ),
  ];
}
