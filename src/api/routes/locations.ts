import * as E from 'fp-ts/lib/Either.js';
import { askLocation, type LocationOutcome } from '../../commands/location/askLocation.js';
import type { LocationId } from '../../domain/kernel/ids.js';
import { locationStream } from '../../domain/kernel/streams.js';
import { location, type LocationView, representLocation } from '../../domain/location/index.js';
import type { ApiDependencies } from '../dependencies.js';
import { cursors } from '../http/cursor.js';
import { pageAnswer } from '../http/pages.js';
import type { IfMatch } from '../http/preconditions.js';
import { type Outcome, type Route, route } from '../http/route.js';
import { found, PUBLIC, resource, viewOrFold, withoutBody } from '../http/singles.js';
import { problemOf, problemOfCommand } from '../problemDetails.js';
import { problem } from '../problems/problem.js';
import { locationId } from '../schema/ids.js';
import { locationAnswer, locationProperties, pauseAnswer } from '../schema/location.js';
import { page } from '../schema/page.js';
import { text } from '../schema/primitives.js';
import { decimalText } from '../schema/query.js';
import { described } from '../schema/schema.js';
import { object } from '../schema/structures.js';

const TAG = 'Locations';
const PATH = '/v1/locations/{id}';
const DEFAULT_LIMIT = 25;
const reason = described(text(500), 'Why');
const answers = { 200: { description: 'The location as it is now', schema: locationAnswer, headers: ['ETag'] } };

export function locationRoutes(deps: ApiDependencies): readonly Route[] {
  const { executor, clock, log } = deps;
  const places = cursors(
    deps.secret,
    'locations',
    (value): value is string => typeof value === 'string',
    () => Date.parse(clock.now()),
  );

  const fold = async (id: LocationId): Promise<LocationView | undefined> => {
    const { state, revision } = await executor.load(location, locationStream(id));
    return representLocation(state, revision);
  };

  return [
    route({
      method: 'get',
      path: '/v1/locations',
      operationId: 'listLocations',
      tag: TAG,
      summary: 'All locations, by id',
      params: {},
      query: { limit: { schema: decimalText(1, 100) }, cursor: { schema: text(2000) } },
      headers: [],
      answers: { 200: { description: 'A page of locations', schema: page('LocationPage', locationAnswer) } },
      problems: ['invalid-cursor'],
      handle: async ({ query: { limit = DEFAULT_LIMIT, cursor }, url }) => {
        const after = cursor === undefined ? E.right(undefined) : places.read(cursor, null);
        if (E.isLeft(after)) return after;
        const { items, next, asOf, lagMs } = await deps.offers.locationsPage({
          limit,
          ...(after.right === undefined ? {} : { after: after.right as LocationId }),
        });
        return E.right(pageAnswer(url, { items, asOf, lagMs }, next && places.write(next, null), PUBLIC));
      },
    }),
    route({
      method: 'get',
      path: PATH,
      operationId: 'getLocation',
      tag: TAG,
      summary: 'One location: what it offers, and when',
      params: { id: locationId },
      query: {},
      headers: ['If-None-Match'],
      answers: { ...answers, 304: { description: 'Unchanged' } },
      problems: [],
      handle: async ({ params: { id } }) =>
        found(
          await viewOrFold(
            log,
            () => deps.offers.locationById(id),
            () => fold(id),
          ),
          'location',
          `location ${id}`,
          PUBLIC,
        ),
    }),
    route({
      method: 'put',
      path: PATH,
      operationId: 'putLocation',
      tag: TAG,
      summary: 'Open a location, or change what it says of itself',
      description:
        'All of it, and why. Without If-Match it opens a location; one that is open is changed only with If-Match. What ' +
        'was ordered before keeps the terms that it was ordered on.',
      params: { id: locationId },
      query: {},
      headers: ['If-Match', 'Prefer'],
      body: { schema: object({ ...locationProperties.required, reason }, locationProperties.optional) },
      answers: {
        ...answers,
        201: { description: 'The location, open', schema: locationAnswer, headers: ['ETag', 'Location'] },
      },
      problems: ['revision-mismatch', 'precondition-required'],
      handle: async ({ params: { id }, body: { reason: why, ...details }, ifMatch, commandContext }) => {
        const terms = { ...details, locationId: id };
        if (ifMatch !== undefined) {
          const change = { type: 'ChangeLocation', location: terms, reason: why } as const;
          return shown(id, await askLocation(executor, id, change, { ...commandContext(), ifMatch }));
        }
        const open = { type: 'OpenLocation', location: terms } as const;
        const context = { ...commandContext(), reason: why, creates: true };
        return shown(id, await askLocation(executor, id, open, context), 201);
      },
    }),
    route({
      method: 'put',
      path: `${PATH}/pause`,
      operationId: 'pauseOrdering',
      tag: TAG,
      summary: 'Take no orders for a while',
      params: { id: locationId },
      query: {},
      headers: ['If-Match', 'Prefer'],
      body: { schema: pauseAnswer },
      answers,
      problems: ['revision-mismatch'],
      handle: async ({ params: { id }, body: { reason: why, until }, ifMatch, commandContext }) => {
        const context = commandContext();
        const command = {
          type: 'PauseOrdering',
          reason: why,
          at: context.at,
          ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
        } as const;
        return shown(id, await askLocation(executor, id, command, matching(context, ifMatch)));
      },
    }),
    route({
      method: 'delete',
      path: `${PATH}/pause`,
      operationId: 'resumeOrdering',
      tag: TAG,
      summary: 'Take orders again',
      params: { id: locationId },
      query: {},
      headers: ['If-Match'],
      answers: { 204: { description: 'Whoever was kept from ordering may order', headers: ['ETag'] } },
      problems: ['revision-mismatch', 'precondition-required'],
      handle: async ({ params: { id }, ifMatch, commandContext }) => {
        if (ifMatch === undefined) return E.left(problem('precondition-required', 'send If-Match, or *'));
        const resume = { type: 'ResumeOrdering' } as const;
        const resumed = shown(id, await askLocation(executor, id, resume, { ...commandContext(), ifMatch }));
        return withoutBody(resumed);
      },
    }),
  ];
}

const matching = <Context>(context: Context, ifMatch: IfMatch | undefined) =>
  ifMatch === undefined ? context : { ...context, ifMatch };

/** What became of a command, as an answer. */
function shown(id: LocationId, outcome: LocationOutcome, status: 200 | 201 = 200): Outcome {
  if (E.isLeft(outcome)) {
    const refusal = outcome.left;
    return E.left(
      refusal._tag === 'AlreadyExists' ? problemOf(refusal) : problemOfCommand(refusal, { what: 'location', id }),
    );
  }
  const view = representLocation(outcome.right.state, outcome.right.revision);
  if (!view) return E.left(problem('not-found', `there is no location ${id}`));
  return E.right(
    resource(view, { status, ...(status === 201 ? { headers: { Location: `/v1/locations/${id}` } } : {}) }),
  );
}
