import * as E from 'fp-ts/lib/Either.js';
import type { ApiDependencies } from '../dependencies.js';
import { type Route, route } from '../http/route.js';
import { isSystemFault } from '../http/faults.js';
import type { DeadLetters } from '../ports/deadLetters.js';
import type { RunnerLag } from '../ports/runners.js';
import { integer, matching, text } from '../schema/primitives.js';
import { described } from '../schema/schema.js';
import { list, object } from '../schema/structures.js';
import { deadLetterCounts } from './deadLetters.js';
import { parkedCounts } from './parked.js';

const TAG = 'System';
const BROKER_TIMEOUT_MS = 2_000;

/** What an operator looks at to see whether everything that follows from orders keeps up. */
export const healthRoutes = ({ runners, parked, deadLetters }: ApiDependencies): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/admin/health',
    operationId: 'readHealth',
    tag: TAG,
    summary:
      'How far every projection, process and publisher is behind the log, which process runs it, and what could not be handled',
    params: {},
    query: {},
    headers: [],
    answers: { 200: { description: 'Every runner of the installation', schema: health } },
    problems: [],
    handle: async () => {
      const [lag, parkedNow, dead] = await Promise.all([runners.lag(), parked.counts(), countsInTime(deadLetters)]);
      return E.right({
        status: 200,
        body: { runners: lag.map(shown), parked: parkedNow, ...(dead === undefined ? {} : { deadLetters: dead }) },
        headers: { 'Cache-Control': 'no-store' },
      });
    },
  }),
];

/** A broker that is silent must not hide how everything else is. */
async function countsInTime(deadLetters: DeadLetters): Promise<Awaited<ReturnType<DeadLetters['counts']>> | undefined> {
  const counts = deadLetters.counts().catch((error: unknown) => {
    if (!isSystemFault(error)) throw error;
    return undefined;
  });
  const late = new Promise<undefined>((resolve) => {
    AbortSignal.timeout(BROKER_TIMEOUT_MS).addEventListener('abort', () => resolve(undefined), { once: true });
  });
  return await Promise.race([counts, late]);
}

const shown = ({ name, position, owner, lagMs, lagEvents, lagEventsAtLeast }: RunnerLag) => ({
  name,
  ...(position === null ? {} : { position: position.toString() }),
  ...(owner === null ? {} : { owner }),
  ...(lagMs === null ? {} : { lagMs }),
  ...(lagEvents === null ? {} : { lagEvents }),
  ...(lagEventsAtLeast === null ? {} : { lagEventsAtLeast }),
});

/** Absent: it has handled nothing yet, nobody runs it, or more events wait than this process can count. */
const health = object(
  {
    runners: list(
      object(
        { name: text(100) },
        {
          position: matching(/^\d{1,20}$/, 'a position'),
          owner: text(300),
          lagMs: integer(0),
          lagEvents: integer(0),
          lagEventsAtLeast: described(
            integer(0),
            'Instead of lagEvents: so many are remembered, and there may be more',
          ),
        },
      ),
    ),
    parked: described(parkedCounts, 'Parked events and their streams, of each runner that has any'),
  },
  {
    deadLetters: described(deadLetterCounts, 'Of every queue; absent: the broker does not answer'),
  },
);
