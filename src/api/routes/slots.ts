import * as E from 'fp-ts/lib/Either.js';
import type { LocationId } from '../../domain/kernel/ids.js';
import { locationStream, pickupCounterStream } from '../../domain/kernel/streams.js';
import {
  businessDate,
  location,
  type LocationView,
  openQuarters,
  representLocation,
} from '../../domain/location/index.js';
import { isMadeToOrder } from '../../domain/order/index.js';
import { loadOf, pickupCounter, quarterAfter } from '../../domain/pickup/index.js';
import type { ApiDependencies } from '../dependencies.js';
import { type Route, route } from '../http/route.js';
import { missing, viewOrFold } from '../http/singles.js';
import { problem } from '../problems/problem.js';
import { locationId } from '../schema/ids.js';
import { orderMode } from '../schema/order.js';
import { date } from '../schema/location.js';
import { dateTime, integer } from '../schema/primitives.js';
import { described, named } from '../schema/schema.js';
import { list, object } from '../schema/structures.js';

const slotsAnswer = named(
  'Slots',
  object({
    locationId,
    mode: orderMode,
    date,
    items: list(
      object(
        { from: dateTime, to: dateTime },
        { free: described(integer(0, 10_000), 'Units that the kitchen can still make then; absent: whatever comes') },
      ),
    ),
  }),
);

/** When an order may be wanted, and how much the kitchen can still make then. */
export function slotRoutes(deps: ApiDependencies): readonly Route[] {
  const { executor, clock, log } = deps;

  const fold = async (id: LocationId): Promise<LocationView | undefined> => {
    const { state, revision } = await executor.load(location, locationStream(id));
    return representLocation(state, revision);
  };

  return [
    route({
      method: 'get',
      path: '/v1/locations/{id}/slots',
      operationId: 'listSlots',
      tag: 'Locations',
      summary: 'The quarters of an hour of a business day in which the location is open',
      description:
        'Without a mode for the first one that the location offers, without a date for today. `free` counts what was ' +
        'confirmed; what is called off is free again. An order for later takes its room in the quarter in which it has ' +
        'to be begun, and is refused with `kitchen-full` where there is none; one without `promisedAt` is made in the ' +
        'first quarter that has room.',
      params: { id: locationId },
      query: { mode: { schema: orderMode }, date: { schema: date } },
      headers: [],
      answers: { 200: { description: 'The quarters that are not over', schema: slotsAnswer } },
      problems: [],
      handle: async ({ params: { id }, query }) => {
        const view = await viewOrFold(
          log,
          () => deps.offers.locationById(id),
          () => fold(id),
        );
        if (!view) return E.left(missing('location', `location ${id}`));
        const mode = query.mode ?? view.modes[0];
        if (mode === undefined || !view.modes.includes(mode)) {
          return E.left(
            problem('malformed-parameter', `the query parameter mode must be one of ${view.modes.join(', ')}`, {
              extensions: { parameter: 'mode' },
            }),
          );
        }
        const now = clock.now();
        const day = query.date ?? businessDate(view, now);
        const free = await freeUnits(view, day, isMadeToOrder(mode));
        const items = openQuarters(view, mode, day, now).map((from) => ({
          from,
          to: quarterAfter(from),
          ...free(from),
        }));
        // what is free changes with every order
        return E.right({ status: 200, body: { locationId: id, mode, date: day, items }, headers: NOT_KEPT });
      },
    }),
  ];

  async function freeUnits({ locationId: id, kitchenCapacity }: LocationView, day: string, made: boolean) {
    if (kitchenCapacity === undefined || !made) return () => ({});
    const { state } = await executor.load(pickupCounter, pickupCounterStream(id, day), { fresh: true });
    return (from: string) => ({ free: Math.max(0, kitchenCapacity - loadOf(state, from)) });
  }
}

const NOT_KEPT = { 'Cache-Control': 'no-store' };
