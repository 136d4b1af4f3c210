import { createHash } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type { ApiDependencies } from '../dependencies.js';
import { type Route, route } from '../http/route.js';
import { JSON_TYPE } from '../http/send.js';
import { docsPage } from '../openapi/docsPage.js';
import { apiDocument } from '../openapi/document.js';
import { anything } from '../schema/primitives.js';

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
          text: { type: JSON_TYPE, content: document.content },
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
  ];
  describe([...others, ...routes]);
  return routes;
}

const tagOf = (content: string): string => createHash('sha256').update(content).digest('base64url').slice(0, 22);
