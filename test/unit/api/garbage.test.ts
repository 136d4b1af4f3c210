import { request as httpRequest } from 'node:http';
import { expect } from 'chai';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { problemSchema } from '../../../src/api/openapi/document.js';
import { PROBLEM_TYPES } from '../../../src/api/problems/types.js';
import { type Garbage, garbageFor, operationsOf } from '../../support/garbage.js';
import { startTestApi, type TestApi } from '../../support/inMemory/api.js';

/** `GARBAGE_REQUESTS=100000` for the long form. */
const REQUESTS = Number(process.env['GARBAGE_REQUESTS'] ?? 3_000);

describe('Garbage', () => {
  let api: TestApi;
  let garbage: fc.Arbitrary<Garbage>;
  before(async () => {
    api = await startTestApi();
    garbage = garbageFor(operationsOf(JSON.parse((await get(api, '/v1/openapi.json')).text)));
    await api.request('PUT', '/v1/offers/water', {
      body: { name: 'Water', price: { amount: 250, currency: 'EUR' }, trackStock: true },
    });
    // nobody waits in this suite: whoever is asked to is answered at once
    api.stopping.abort();
  });
  after(() => api.close());

  it('never makes the server fail: what is refused is a problem document, and writes nothing', async function () {
    this.timeout(300_000 + 10 * REQUESTS);
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(garbage, async (request) => {
        const before = api.store.size + api.inbox.stored.length;
        const answer = await send(api, request);
        if (answer.status < 400) return;
        // while the server stops, readiness says so on purpose
        if (request.path.startsWith('/readyz') && answer.status === 503) return;
        refused++;
        expect(answer.status, answer.text).to.be.lessThan(500);
        expect(api.store.size + api.inbox.stored.length).to.equal(before);
        expect(answer.type).to.equal('application/problem+json; charset=utf-8');
        if (request.method === 'HEAD') return;
        const document = JSON.parse(answer.text) as { type: string; status: number; requestId: string };
        expect(document.status).to.equal(answer.status);
        expect(Object.keys(PROBLEM_TYPES).map((slug) => `/problems/${slug}`)).to.include(document.type);
        const { type, title, status, detail, instance, requestId, code, errors } = document as unknown as Record<
          string,
          unknown
        >;
        const known = {
          type,
          title,
          status,
          detail,
          instance,
          requestId,
          code,
          ...(errors === undefined ? {} : { errors }),
        };
        expect(E.isRight(problemSchema.codec.decode(known)), answer.text).to.equal(true);
      }),
      { numRuns: REQUESTS },
    );
    expect(refused).to.be.greaterThan(REQUESTS / 3);
    expect(api.log.lines).to.deep.equal([]);
  });
});

const send = (
  api: TestApi,
  { method, path: target, headers: given, body: content }: Garbage,
): Promise<{ status: number; type: string | undefined; text: string }> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(api.base);
    const outgoing = httpRequest(
      {
        hostname,
        port,
        method,
        path: target,
        headers: { ...given, ...(content ? { 'content-length': content.length } : {}) },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            type: incoming.headers['content-type'],
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
        incoming.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(content);
  });

const get = (api: TestApi, path: string): Promise<{ readonly text: string }> =>
  send(api, { method: 'GET', path, headers: {}, body: undefined });
