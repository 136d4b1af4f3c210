import * as E from 'fp-ts/lib/Either.js';
import type { ApiDependencies } from '../dependencies.js';
import { type Route, route } from '../http/route.js';
import type { RunnerLag } from '../ports/runners.js';
import { integer, matching, text } from '../schema/primitives.js';
import { list, object } from '../schema/structures.js';

const TAG = 'System';

/** What an operator looks at to see whether everything that follows from orders keeps up. */
export const healthRoutes = ({ runners }: ApiDependencies): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/admin/health',
    operationId: 'readHealth',
    tag: TAG,
    summary: 'How far every projection, process and publisher is behind the log, and which process runs it',
    params: {},
    query: {},
    headers: [],
    answers: { 200: { description: 'Every runner of the installation', schema: health } },
    problems: [],
    handle: async () =>
      E.right({
        status: 200,
        body: { runners: (await runners.lag()).map(shown) },
        headers: { 'Cache-Control': 'no-store' },
      }),
  }),
];

const shown = ({ name, position, owner, lagMs, lagEvents }: RunnerLag) => ({
  name,
  ...(position === null ? {} : { position: position.toString() }),
  ...(owner === null ? {} : { owner }),
  ...(lagMs === null ? {} : { lagMs }),
  ...(lagEvents === null ? {} : { lagEvents }),
});

/** Absent: it has handled nothing yet, nobody runs it, or more events wait than this process can count. */
const health = object({
  runners: list(
    object(
      { name: text(100) },
      { position: matching(/^\d{1,20}$/, 'a position'), owner: text(300), lagMs: integer(0), lagEvents: integer(0) },
    ),
  ),
});
