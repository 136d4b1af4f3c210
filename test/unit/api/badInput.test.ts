import { connect } from 'node:net';
import { expect } from 'chai';
import { type Answer, startTestApi, type TestApi } from '../../support/inMemory/api.js';

interface Case {
  readonly what: string;
  /** A text is sent as it is. */
  readonly body: unknown;
  readonly status: number;
  readonly type: string;
  readonly errors?: readonly (readonly [pointer: string, code: string])[];
}

const good = { locationId: 'main', mode: 'pickup', lines: [{ sku: 'water', quantity: 1 }] };
const line = (over: object) => ({ ...good, lines: [{ sku: 'water', quantity: 1, ...over }] });
const invalid = (what: string, body: unknown, ...errors: [string, string][]): Case => ({
  what,
  body,
  status: 422,
  type: 'validation-failed',
  errors,
});
const malformed = (what: string, body: string): Case => ({ what, body, status: 400, type: 'malformed-json' });

const cases: readonly Case[] = [
  malformed('broken JSON', '{"locationId":"main",'),
  malformed('an empty body', ' '),
  malformed('bytes after the value', `${JSON.stringify(good)}}`),
  malformed('a property that comes twice', '{"mode":"pickup","mode":"pickup"}'),
  malformed('a property that comes twice under another spelling', '{"mode":"pickup","m\\u006fde":"pickup"}'),
  malformed('NaN', '{"locationId":NaN}'),
  malformed('a comment', '{/* no */}'),
  malformed('single quotes', "{'mode':'pickup'}"),
  malformed('a byte order mark', `\ufeff${JSON.stringify(good)}`),
  invalid('a list instead of an object', [good], ['', 'wrong-type']),
  invalid('null', 'null', ['', 'wrong-type']),
  invalid('an unknown property', { ...good, price: 1 }, ['/price', 'unknown-property']),
  invalid('a price in a line', line({ price: 1 }), ['/lines/0/price', 'unknown-property']),
  invalid('a total', { ...good, total: 1 }, ['/total', 'unknown-property']),
  invalid('a status', { ...good, status: 'confirmed' }, ['/status', 'unknown-property']),
  invalid('a prototype', `{"__proto__":{"mode":"pickup"},${JSON.stringify(good).slice(1)}`, [
    '/__proto__',
    'unknown-property',
  ]),
  invalid('a key with slashes and tildes', { ...good, 'a/b~c': 1 }, ['/a~1b~0c', 'unknown-property']),
  invalid('no lines', { locationId: 'main', mode: 'pickup' }, ['/lines', 'missing']),
  invalid('an empty order', { ...good, lines: [] }, ['/lines', 'too-few-items']),
  invalid('101 lines', { ...good, lines: Array(101).fill(good.lines[0]) }, ['/lines', 'too-many-items']),
  invalid('lines that are no list', { ...good, lines: { 0: good.lines[0] } }, ['/lines', 'wrong-type']),
  invalid('quantity 0', line({ quantity: 0 }), ['/lines/0/quantity', 'out-of-range']),
  invalid('quantity −1', line({ quantity: -1 }), ['/lines/0/quantity', 'out-of-range']),
  invalid('quantity 1000', line({ quantity: 1000 }), ['/lines/0/quantity', 'out-of-range']),
  invalid('quantity 1e3', JSON.stringify(good).replace('"quantity":1', '"quantity":1e3'), [
    '/lines/0/quantity',
    'out-of-range',
  ]),
  invalid('quantity 1.5', line({ quantity: 1.5 }), ['/lines/0/quantity', 'wrong-type']),
  invalid('quantity "2"', line({ quantity: '2' }), ['/lines/0/quantity', 'wrong-type']),
  invalid('quantity null', line({ quantity: null }), ['/lines/0/quantity', 'wrong-type']),
  invalid('quantity true', line({ quantity: true }), ['/lines/0/quantity', 'wrong-type']),
  invalid('quantity 1e400', JSON.stringify(good).replace('"quantity":1', '"quantity":1e400'), [
    '/lines/0/quantity',
    'wrong-type',
  ]),
  invalid('an sku with spaces', line({ sku: ' water' }), ['/lines/0/sku', 'invalid-format']),
  invalid('an sku that climbs', line({ sku: '../water' }), ['/lines/0/sku', 'invalid-format']),
  invalid('an sku of 65 characters', line({ sku: 'x'.repeat(65) }), ['/lines/0/sku', 'invalid-format']),
  invalid('an sku with a NUL', line({ sku: 'wat\u0000er' }), ['/lines/0/sku', 'invalid-format']),
  invalid('an sku that ends with a line feed', line({ sku: 'water\n' }), ['/lines/0/sku', 'invalid-format']),
  invalid('a mode that nobody knows', { ...good, mode: 'teleport' }, ['/mode', 'not-allowed']),
  invalid('an empty merchantOrderNo', { ...good, merchantOrderNo: '' }, ['/merchantOrderNo', 'invalid-format']),
  invalid('spaces around it', { ...good, merchantOrderNo: ' 1 ' }, ['/merchantOrderNo', 'invalid-format']),
  invalid('one that is too long', { ...good, merchantOrderNo: '1'.repeat(65) }, ['/merchantOrderNo', 'invalid-format']),
  invalid(
    'half of a surrogate pair',
    '{"locationId":"\\ud800","mode":"pickup","lines":[]}',
    ['/locationId', 'invalid-format'],
    ['/lines', 'too-few-items'],
  ),
  invalid('nesting', `${'['.repeat(11)}${']'.repeat(11)}`, ['', 'too-deep']),
  invalid(
    'everything at once',
    { locationId: 7, mode: 'fly', lines: [{ sku: 'water' }, { sku: '', quantity: 0, colour: 'x' }], userId: 'me' },
    ['/userId', 'unknown-property'],
    ['/locationId', 'wrong-type'],
    ['/mode', 'not-allowed'],
    ['/lines/0/quantity', 'missing'],
    ['/lines/1/colour', 'unknown-property'],
    ['/lines/1/sku', 'invalid-format'],
    ['/lines/1/quantity', 'out-of-range'],
  ),
];

describe('Bad input', () => {
  let api: TestApi;
  let written: number;
  before(async () => {
    api = await startTestApi();
    await api.request('PUT', '/v1/offers/water', {
      body: { name: 'Water', price: { amount: 250, currency: 'EUR' }, trackStock: false },
    });
    written = api.store.size;
  });
  after(() => api.close());
  afterEach('nothing is written and nothing is a fault', () => {
    expect(api.store.size).to.equal(written);
    expect(api.log.lines).to.deep.equal([]);
  });

  const place = (body: unknown, headers: Record<string, string> = {}) =>
    api.request('POST', '/v1/orders', { body, headers: { 'idempotency-key': 'bad', ...headers } });

  for (const { what, body, status, type, errors } of cases) {
    it(`refuses an order with ${what}: ${status} ${type}`, async () => {
      const answer = await place(body);
      expect(answer.headers.get('content-type')).to.equal('application/problem+json; charset=utf-8');
      expect(answer.body).to.deep.include({ status, type: `/problems/${type}`, instance: '/v1/orders', code: 10001 });
      expect(answer.status).to.equal(status);
      const found = (answer.body.errors ?? []) as { pointer: string; code: string }[];
      if (errors) expect(found.map(({ pointer, code }) => [pointer, code])).to.deep.equal(errors);
      if (status === 400) expect(answer.body.offset).to.be.a('number');
    });
  }

  it('says at which offset JSON breaks', async () => {
    const { body } = await place('{"locationId":"main","mode":pickup}');
    expect(body).to.deep.include({ offset: 28, detail: 'the body is no JSON at offset 28: no value can begin here' });
  });

  it('names the article that an error is about', async () => {
    const { body } = await place({ ...good, lines: [good.lines[0], { sku: 'coal', quantity: 0 }] });
    expect(body.errors).to.deep.equal([
      {
        pointer: '/lines/1/quantity',
        code: 'out-of-range',
        detail: 'lines[1].quantity (sku coal) must be from 1 to 999',
      },
    ]);
  });

  it('refuses bytes that are no UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('{"locationId":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    const response = await fetch(`${api.base}/v1/orders`, {
      method: 'POST',
      body: bytes,
      headers: { 'content-type': 'application/json', 'idempotency-key': 'bad' },
    });
    expect(response.status).to.equal(400);
  });

  it('refuses media types other than JSON in UTF-8 with 415', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/json; charset=latin1',
      'json',
    ]) {
      const { status, headers, body } = await place(JSON.stringify(good), { 'content-type': type });
      expect([status, body.type], type).to.deep.equal([415, '/problems/unsupported-media-type']);
      expect(headers.get('accept')).to.equal('application/json');
    }
    const compressed = await place(JSON.stringify(good), { 'content-encoding': 'gzip' });
    expect(compressed.status).to.equal(415);
  });

  it('refuses more than 256 KB with 413, whether the length is told or not', async () => {
    const big = JSON.stringify({ ...good, note: 'x'.repeat(256 * 1024) });
    expect((await place(big)).status).to.equal(413);
    const told = await rawRequest(
      api,
      'POST /v1/orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nIdempotency-Key: k\r\nContent-Length: 99999999\r\n\r\n{',
    );
    expect(told).to.match(/^HTTP\/1\.1 413 /);
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const streamed = await rawRequest(
      api,
      `POST /v1/orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nIdempotency-Key: k\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(5)}`,
    );
    expect(streamed).to.match(/^HTTP\/1\.1 413 /);
  });

  it('refuses an Accept that JSON does not fit with 406', async () => {
    const { status, body } = await place(good, { accept: 'image/png' });
    expect([status, body.type]).to.deep.equal([406, '/problems/not-acceptable']);
  });

  it('refuses other methods with 405 and says which there are', async () => {
    const { status, headers, body } = await api.request('DELETE', '/v1/orders');
    expect([status, body.type]).to.deep.equal([405, '/problems/method-not-allowed']);
    expect(headers.get('allow')).to.equal('GET, HEAD, OPTIONS, POST');
  });

  for (const path of [
    '/',
    '/v1',
    '/v1/orders/',
    '/V1/orders',
    '/v1/orders/ord_1',
    '/v1/orders/ORD_01J00000000000000000000000',
    '/v1/orders/tkt_01j00000000000000000000000',
    '/v1/orders/ord_01j00000000000000000000000',
    '/v1/orders/..%2f..%2fetc',
    '/v1/orders/%e0%a4%a',
    '/v1/offers/__proto__',
    '/v1/offers/a%00b',
    '/v1/offers/nothing',
    '/v1/stock/nothing/main',
    '/v1/stock/a%2fb/main',
    '/v1/orders/ord_01j00000000000000000000000/timeline',
    '/v1/kitchen/tickets/tkt_01j00000000000000000000000',
  ]) {
    it(`finds nothing under ${path}`, async () => {
      const { status, body } = await api.request('GET', path);
      expect([status, body.type]).to.deep.equal([404, '/problems/not-found']);
    });
  }

  for (const query of [
    'limit=0',
    'limit=101',
    'limit=abc',
    'limit=1&limit=2',
    'status=lost',
    'payment=maybe',
    'fulfilment=soon',
    'mode=flight',
    'locationId=a%20b',
    'placedFrom=yesterday',
    'placedTo=2024-13-01T00:00:00Z',
    'sort=number',
    'q=',
    'merchantOrderNo=a%20b',
    'cursor=abc',
    'cursor=',
    'statuss=placed',
    '__proto__=1',
  ]) {
    it(`refuses to list orders with ?${query}`, async () => {
      const { status, body } = await api.request('GET', `/v1/orders?${query}`);
      expect(status).to.equal(400);
      expect(body.type).to.match(/malformed-parameter|invalid-cursor/);
    });
  }

  it('refuses money that is none', async () => {
    const bad: [unknown, string][] = [
      [{ amount: 2.5, currency: 'EUR' }, '/price/amount'],
      [{ amount: '250', currency: 'EUR' }, '/price/amount'],
      [{ amount: -1, currency: 'EUR' }, '/price/amount'],
      [{ amount: 2 ** 53, currency: 'EUR' }, '/price/amount'],
      [{ amount: 250, currency: 'eur' }, '/price/currency'],
      [{ amount: 250, currency: 'ZZZ' }, '/price/currency'],
      [{ amount: 250 }, '/price/currency'],
      [250, '/price'],
    ];
    for (const [price, pointer] of bad) {
      const { status, body } = await api.request('PUT', '/v1/offers/tea', {
        body: { name: 'Tea', trackStock: false, price },
      });
      expect([status, firstPointer(body)]).to.deep.equal([422, pointer]);
    }
  });

  it('refuses names that are empty, too long or hold control characters', async () => {
    for (const name of ['', ' ', 'a\u0007b', 'a\nb', '\ud800', '🍕'.repeat(101)]) {
      const { status, body } = await api.request('PUT', '/v1/offers/tea', {
        body: { name, trackStock: false, price: { amount: 1, currency: 'EUR' } },
      });
      expect([status, firstPointer(body)], name).to.deep.equal([422, '/name']);
    }
  });

  it('answers a request that breaks off in its body with nothing written', async () => {
    await rawRequest(
      api,
      'POST /v1/orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nIdempotency-Key: k\r\nContent-Length: 100\r\n\r\n{"loc',
      true,
    );
    expect((await api.request('GET', '/livez')).status).to.equal(200);
  });
});

const firstPointer = (body: Answer['body']): string | undefined =>
  (body.errors as { pointer: string }[] | undefined)?.[0]?.pointer;

/** Sends bytes as they are and answers what comes back until the server is done or `hangUp` ends it. */
const rawRequest = (api: TestApi, bytes: string, hangUp = false): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(api.base).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (data) => {
      answer += data.toString('latin1');
      if (answer.includes('\r\n\r\n')) socket.destroy();
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', (error: NodeJS.ErrnoException) => (answer === '' ? reject(error) : resolve(answer)));
    socket.write(bytes, () => hangUp && socket.destroy());
  });
