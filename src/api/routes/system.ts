import { createHash } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type { ApiDependencies } from '../dependencies.js';
import { type Route, route } from '../http/route.js';
import { docsPage } from '../openapi/docsPage.js';
import { apiDocument } from '../openapi/document.js';
import type { ReadinessCheck } from '../ports/readiness.js';
import { anything, boolean, oneOf, text } from '../schema/primitives.js';
import { list, object } from '../schema/structures.js';

const CHECK_TIMEOUT_MS = 2_000;
const TAG = 'System';

/** @param others the routes that the document describes beside these */
export function systemRoutes(deps: ApiDependencies, others: readonly Route[]): readonly Route[] {
  const document = { content: '', etag: '', page: '', pageEtag: '' };
  const describe = (routes: readonly Route[]): void => {
    const api = apiDocument(routes, deps.version);
    document.content = JSON.stringify(api);
    document.etag = tagOf(document.content);
    document.page = docsPage(api);
    // a page that looks different in a new version is another one, whether or not the API has changed
    document.pageEtag = tagOf(document.page);
  };
  const routes: readonly Route[] = [
    route({
      method: 'get',
      path: '/v1/openapi.json',
      operationId: 'getApiDocument',
      tag: TAG,
      summary: 'This API as an OpenAPI 3.1 document',
      params: {},
      query: {},
      headers: ['If-None-Match'],
      answers: {
        200: { description: 'The document', schema: anything, headers: ['ETag'] },
        304: { description: 'Unchanged' },
      },
      problems: [],
      handle: () =>
        E.right({
          status: 200,
          etag: document.etag,
          text: { type: 'application/json; charset=utf-8', content: document.content },
          headers: { 'Cache-Control': 'public, no-cache' },
        }),
    }),
    route({
      method: 'get',
      path: '/docs',
      operationId: 'readDocs',
      tag: TAG,
      summary: 'The same document as a page to read',
      params: {},
      query: {},
      headers: ['If-None-Match'],
      produces: 'text/html',
      answers: { 200: { description: 'A page', mediaType: 'text/html' }, 304: { description: 'Unchanged' } },
      problems: [],
      handle: () =>
        E.right({
          status: 200,
          etag: document.pageEtag,
          text: { type: 'text/html; charset=utf-8', content: document.page },
          headers: { 'Cache-Control': 'public, no-cache' },
        }),
    }),
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
  describe([...others, ...routes]);
  return routes;
}

const tagOf = (content: string): string => createHash('sha256').update(content).digest('base64url').slice(0, 22);

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
  const signal = AbortSignal.timeout(CHECK_TIMEOUT_MS);
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
