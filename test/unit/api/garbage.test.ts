import { request as httpRequest } from 'node:http';
import { expect } from 'chai';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { problemSchema } from '../../../src/api/openapi/document.js';
import { PROBLEM_TYPES } from '../../../src/api/problems/types.js';
import { startTestApi, type TestApi } from '../../support/inMemory/api.js';

interface Garbage {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

const VALID_BODIES: readonly object[] = [
  { locationId: 'main', mode: 'pickup', lines: [{ sku: 'water', quantity: 1 }], merchantOrderNo: 'A-1' },
  { name: 'Water', price: { amount: 250, currency: 'EUR' }, trackStock: true, station: 'bar', prepSeconds: 3 },
  { onHand: 5 },
  { reason: 'because' },
  { to: 'customer', code: '1' },
  {},
];

const PATHS = [
  '/v1/offers',
  '/v1/offers/{}',
  '/v1/stock/{}/{}',
  '/v1/orders',
  '/v1/orders/{}',
  '/v1/orders/{}/timeline',
  '/v1/orders/{}/cancellations',
  '/v1/kitchen/tickets',
  '/v1/kitchen/tickets/{}/bump',
  '/v1/kitchen/tickets/{}/hand-over',
  '/v1/kitchen/tickets/{}/items/{}/start',
  '/v1/kitchen/tickets/{}/items/{}/done',
  '/v1/webhooks/stripe',
  '/v1/openapi.json',
  '/docs',
  '/readyz',
  '/{}',
];

const textOf = (maxLength: number) => fc.string({ unit: 'binary', maxLength });
const nasty = fc.constantFrom(
  '__proto__',
  'constructor',
  '..%2f..%2fetc%2fpasswd',
  '%00',
  '%',
  '%e0%a4%a',
  "'; DROP TABLE orders; --",
  '<script>alert(1)</script>',
  '\ud800',
  '9007199254740993',
  '-0',
  'NaN',
  '1e999',
  'null',
  'water',
  'main',
  'ord_01j00000000000000000000000',
  'tkt_01j00000000000000000000000',
  'itm_01j00000000000000000000000',
);
const segment = fc
  .oneof(nasty, textOf(80))
  .map((text) => (/^[%\w.-]*$/.test(text) ? text : encodeURIComponent(Buffer.from(text).toString('utf8'))));
const path = fc
  .tuple(fc.constantFrom(...PATHS), fc.array(segment, { minLength: 2, maxLength: 2 }))
  .map(([template, segments]) => segments.reduce((left, one) => left.replace('{}', () => one), template));
const parameter = fc.tuple(
  fc.oneof(
    fc.constantFrom('limit', 'cursor', 'status', 'state', 'minRevision', 'revision', 'at', 'merchantOrderNo'),
    segment,
  ),
  segment,
);
const query = fc
  .array(parameter, { maxLength: 3 })
  .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join('&'));

/** What Node lets into a header. */
const headerText = fc.string({
  unit: fc
    .integer({ min: 0x20, max: 0xff })
    .filter((code) => code !== 0x7f)
    .map((code) => String.fromCharCode(code)),
  maxLength: 40,
});
const headers = fc.record(
  {
    'content-type': fc.oneof(
      fc.constantFrom('application/json', 'text/plain', 'application/json; charset=utf-16'),
      headerText,
    ),
    'content-encoding': fc.oneof(fc.constant('gzip'), headerText),
    accept: fc.oneof(fc.constantFrom('*/*', 'image/png', 'application/json;q=0'), headerText),
    'idempotency-key': fc.oneof(fc.uuid(), headerText, fc.constant('x'.repeat(256))),
    'if-match': fc.oneof(fc.constantFrom('*', '"r0"', 'W/"r1"', '"', '"r99999999999999999999"'), headerText),
    'if-none-match': fc.oneof(fc.constant('*'), headerText),
    prefer: fc.oneof(fc.constantFrom('wait=5', 'wait=-1', 'return=minimal'), headerText),
    'x-request-id': headerText,
    traceparent: headerText,
    'stripe-signature': headerText,
  },
  { requiredKeys: [] },
);

/** A body that would be right but for one thing. */
const almostRight = fc
  .tuple(fc.constantFrom(...VALID_BODIES), fc.jsonValue(), segment, fc.nat())
  .map(([body, junk, key, pick]) => {
    const copy = structuredClone(body) as Record<string, unknown>;
    const names = [...Object.keys(copy), key];
    Object.defineProperty(copy, names[pick % names.length] ?? key, {
      value: junk,
      enumerable: true,
      configurable: true,
      writable: true,
    });
    return JSON.stringify(copy);
  });
const broken = fc.tuple(almostRight, fc.nat(), textOf(3)).map(([text, at, junk]) => {
  const place = at % (text.length + 1);
  return `${text.slice(0, place)}${junk}${text.slice(place + junk.length)}`;
});
const body = fc.oneof(
  fc.constant(undefined),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.oneof(almostRight, broken, fc.json(), textOf(200)).map((text) => Buffer.from(text)),
);
/** Anything, anywhere: most of it finds no route, or the wrong method. */
const scattered: fc.Arbitrary<Garbage> = fc.record({
  method: fc.constantFrom('GET', 'PUT', 'POST', 'HEAD', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'),
  path: fc.tuple(path, query).map(([first, rest]) => (rest === '' ? first : `${first}?${rest}`)),
  headers: headers,
  body,
});

const ORDER = '/v1/orders/ord_01j00000000000000000000000';
const TICKET = '/v1/kitchen/tickets/tkt_01j00000000000000000000000';
const COMMANDS = [
  ['POST', '/v1/orders'],
  ['POST', '/v1/orders'],
  ['PUT', '/v1/offers/water'],
  ['PUT', '/v1/offers/tea'],
  ['PUT', '/v1/stock/water/main'],
  ['POST', `${ORDER}/cancellations`],
  ['POST', `${TICKET}/bump`],
  ['POST', `${TICKET}/hand-over`],
  ['POST', `${TICKET}/items/itm_01j00000000000000000000000/start`],
  ['POST', '/v1/webhooks/stripe'],
] as const;
const READS = ['/v1/orders', '/v1/offers', '/v1/kitchen/tickets', ORDER, `${ORDER}/timeline`, '/v1/stock/water/main'];

/** Aimed at a command that there is, with headers that let its body be read. */
const aimedCommand: fc.Arbitrary<Garbage> = fc
  .record({
    target: fc.constantFrom(...COMMANDS),
    body,
    key: fc.uuid(),
    ifMatch: fc.option(fc.constantFrom('*', '"r0"', '"x"')),
  })
  .map(({ target: [method, to], body: content, key, ifMatch }) => ({
    method,
    path: to,
    headers: {
      'content-type': 'application/json',
      'idempotency-key': key,
      prefer: 'wait=9',
      ...(ifMatch === null ? {} : { 'if-match': ifMatch }),
    },
    body: content,
  }));
/** Aimed at something to read, with a query that may be anything. */
const aimedRead: fc.Arbitrary<Garbage> = fc
  .record({ target: fc.constantFrom(...READS), query, ifNoneMatch: fc.option(headerText) })
  .map(({ target, query: rest, ifNoneMatch }) => ({
    method: 'GET',
    path: rest === '' ? target : `${target}?${rest}`,
    headers: ifNoneMatch === null ? {} : { 'if-none-match': ifNoneMatch },
    body: undefined,
  }));
const garbage = fc.oneof(
  { weight: 2, arbitrary: scattered },
  { weight: 3, arbitrary: aimedCommand },
  { weight: 2, arbitrary: aimedRead },
);

describe('Garbage', () => {
  let api: TestApi;
  before(async () => {
    api = await startTestApi();
    await api.request('PUT', '/v1/offers/water', { body: VALID_BODIES[1] });
    // nobody waits in this suite: whoever is asked to is answered at once
    api.stopping.abort();
  });
  after(() => api.close());

  it('never makes the server fail: what is refused is a problem document, and writes nothing', async function () {
    this.timeout(300_000);
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
      { numRuns: 3_000 },
    );
    expect(refused).to.be.greaterThan(1_000);
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
