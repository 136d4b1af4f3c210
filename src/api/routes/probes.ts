import * as E from 'fp-ts/lib/Either.js';
import type { ApiDependencies } from '../dependencies.js';
import { type Route, route } from '../http/route.js';
import { ANSWER_WITHIN_MS, type ReadinessCheck } from '../ports/readiness.js';
import { boolean, oneOf, text } from '../schema/primitives.js';
import { list, object } from '../schema/structures.js';

const TAG = 'System';

/** What a probe needs to know; every process has it, whatever its roles are. */
export type ProbeDependencies = Pick<ApiDependencies, 'readiness' | 'stopping'>;

/** What a platform asks a process about itself. */
export function probeRoutes(deps: ProbeDependencies): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/livez',
      operationId: 'checkAlive',
      tag: TAG,
      summary: 'Whether the process runs',
      params: {},
      query: {},
      headers: [],
      answers: { 200: { description: 'It does', schema: object({ status: oneOf('alive') }) } },
      problems: [],
      handle: () => E.right({ status: 200, body: { status: 'alive' }, headers: UNCACHED }),
    }),
    route({
      method: 'get',
      path: '/readyz',
      operationId: 'checkReady',
      tag: TAG,
      summary: 'Whether everything that it needs answers',
      params: {},
      query: {},
      headers: [],
      answers: {
        200: {
          description: 'Ready; degraded: what only delays things is silent, and is named',
          schema: readiness,
        },
        503: { description: 'Not ready: a component is silent, or the server is stopping', schema: readiness },
      },
      problems: [],
      handle: async () => {
        const checks = await Promise.all(deps.readiness.map(inspect));
        const silent = deps.readiness.filter((_, index) => checks[index]?.ok === false);
        const status = deps.stopping.aborted ? 'stopping' : readinessWithout(silent);
        const ready = status === 'ready' || status === 'degraded';
        return E.right({ status: ready ? 200 : 503, body: { status, checks }, headers: UNCACHED });
      },
    }),
  ];
}

const UNCACHED = { 'Cache-Control': 'no-store' };

const readiness = object({
  status: oneOf('ready', 'degraded', 'not_ready', 'stopping'),
  checks: list(object({ name: text(100), ok: boolean })),
});

function readinessWithout(silent: readonly ReadinessCheck[]): 'ready' | 'degraded' | 'not_ready' {
  if (silent.length === 0) return 'ready';
  return silent.every(({ optional }) => optional === true) ? 'degraded' : 'not_ready';
}

/** What is wrong with a component stands in the log of whoever uses it; callers learn only which one it is. */
async function inspect(component: ReadinessCheck): Promise<{ name: string; ok: boolean }> {
  const { name } = component;
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const silent = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error(`${name} is silent`)), { once: true });
  });
  try {
    await Promise.race([component.check(signal), silent]);
    return { name, ok: true };
  } catch {
    return { name, ok: false };
  }
}
