import * as E from 'fp-ts/lib/Either.js';
import type { ApiDependencies } from '../dependencies.js';
import { type Outcome, type Route, route } from '../http/route.js';
import { missing, PRIVATE } from '../http/singles.js';
import type { BuildRefused, ReadModelStatus } from '../ports/readModels.js';
import { type Problem, problem } from '../problems/problem.js';
import { boolean, integer, matching, oneOf, text } from '../schema/primitives.js';
import { described, named } from '../schema/schema.js';
import { list, object } from '../schema/structures.js';

const TAG = 'Administration';
const WHAT = 'read model';

/** Read models: which build serves, making another one beside it, and changing places. */
export function readModelRoutes({ readModels }: ApiDependencies): readonly Route[] {
  const changePlaces = async (name: string, which: 'next' | 'previous', accept: boolean): Promise<Outcome> => {
    const changed = await readModels.switchTo(name, which, accept);
    if (!changed) return E.left(unknown(name));
    return E.isLeft(changed) ? E.left(refused(changed.left)) : ok(changed.right);
  };
  return [
    route({
      method: 'get',
      path: '/v1/admin/projections',
      operationId: 'listReadModels',
      tag: TAG,
      summary: 'Every read model, which build of it serves, and what else there is',
      params: {},
      query: {},
      headers: [],
      answers: { 200: { description: 'All of them', schema: object({ items: list(readModel) }) } },
      problems: [],
      handle: async () =>
        E.right({ status: 200, body: { items: (await readModels.list()).map(shown) }, headers: PRIVATE }),
    }),
    route({
      method: 'get',
      path: '/v1/admin/projections/{name}',
      operationId: 'getReadModel',
      tag: TAG,
      summary: 'One read model, and how far its rebuild is',
      params: { name: readModelName },
      query: {},
      headers: [],
      answers: { 200: { description: 'As it is now', schema: readModel } },
      problems: [],
      handle: async ({ params: { name } }) => {
        const found = await readModels.find(name);
        return found ? ok(found) : E.left(unknown(name));
      },
    }),
    route({
      method: 'post',
      path: '/v1/admin/projections/{name}/rebuild',
      operationId: 'rebuildReadModel',
      tag: TAG,
      summary: 'Make the next build of a read model beside the one that serves',
      description:
        'A process that runs the read models does it, at most 5,000 events a second unless a rate is given, and goes on with it after a restart. A build that was begun is gone on with. Follow it at the read model itself.',
      params: { name: readModelName },
      query: {},
      headers: [],
      body: { schema: wishes, optional: true },
      answers: { 202: { description: 'It will be done', schema: readModel, headers: ['Location'] } },
      problems: [],
      handle: async ({ params: { name }, body }) => {
        const asked = await readModels.askRebuild(name, body);
        if (!asked) return E.left(unknown(name));
        const headers = { ...PRIVATE, Location: `/v1/admin/projections/${name}` };
        return E.right({ status: 202, body: shown(asked), headers });
      },
    }),
    route({
      method: 'post',
      path: '/v1/admin/projections/{name}/switch',
      operationId: 'switchReadModel',
      tag: TAG,
      summary: 'Let the new build of a read model serve',
      params: { name: readModelName },
      query: {},
      headers: [],
      body: { schema: object({}, { acceptDifferences: boolean }), optional: true },
      answers: { 200: { description: 'It serves', schema: readModel } },
      problems: ['build-cannot-serve', 'not-caught-up'],
      handle: ({ params: { name }, body: { acceptDifferences = false } }) =>
        changePlaces(name, 'next', acceptDifferences),
    }),
    route({
      method: 'post',
      path: '/v1/admin/projections/{name}/back',
      operationId: 'returnReadModel',
      tag: TAG,
      summary: 'Let the build of a read model serve that served before',
      params: { name: readModelName },
      query: {},
      headers: [],
      answers: { 200: { description: 'It serves', schema: readModel } },
      problems: ['build-cannot-serve', 'not-caught-up'],
      handle: ({ params: { name } }) => changePlaces(name, 'previous', true),
    }),
  ];
}

const unknown = (name: string): Problem => missing(WHAT, `${WHAT} ${name}`);
const ok = (status: ReadModelStatus): Outcome => E.right({ status: 200, body: shown(status), headers: PRIVATE });

const refused = ({ why, message }: BuildRefused): Problem =>
  why === 'not-caught-up' || why === 'changed-meanwhile'
    ? problem('not-caught-up', message, { headers: { 'Retry-After': '10' }, extensions: { why } })
    : problem('build-cannot-serve', message, { extensions: { why } });

/** What is not there is left out. */
const shown = (status: ReadModelStatus): Record<string, unknown> =>
  Object.fromEntries(Object.entries(status).filter(([, value]) => value !== null));

const readModelName = described(
  matching(/^[a-z][a-z0-9_]{0,62}$/, 'the name of a read model'),
  'As the list has it',
  'order_view',
);
const position = matching(/^\d{1,20}$/, 'a position');
const build = integer(1);
const wishes = object(
  {},
  {
    rate: described(integer(1, 1_000_000), 'Events a second at most'),
    park: described(boolean, 'Park what cannot be projected, instead of failing'),
    restart: described(boolean, 'Drop what an earlier rebuild has made, and begin anew'),
  },
);
const keys = list(text(500));
const comparison = object({
  position,
  parkedStreams: described(integer(0), 'Streams left out because one of the two has parked events of them'),
  tables: list(
    object({
      table: text(100),
      servingRows: integer(0),
      builtRows: integer(0),
      sameChecksum: described(boolean, 'Over all that clients see'),
      different: described(keys, 'Rows that differ, the first ten'),
      sampled: described(integer(0), 'Rows that were folded from the log anew'),
      wrong: described(keys, 'Those among them that are not what the log says'),
    }),
  ),
});
const readModel = named(
  'ReadModel',
  object(
    {
      name: readModelName,
      serving: described(build, 'Number of the build that serves'),
      state: described(oneOf('idle', 'building', 'ready'), 'Of the next build'),
    },
    {
      position: described(position, 'Up to where it shows the log'),
      previous: described(build, 'The build that served before, kept for the way back'),
      next: described(build, 'The build that is made beside the one that serves'),
      checked: described(comparison, 'How the next build compares with the one that serves'),
      asked: described(wishes, 'A rebuild that was asked for and is not done'),
      progress: described(
        object({ events: integer(0), position, upTo: position }),
        'Events read since it began or went on, the position in the log that it has come to, and the one it goes to',
      ),
      failed: described(text(2_000), 'Why the rebuild that was asked for last could not be done'),
    },
  ),
);
