import fc from 'fast-check';

/** A request that may be anything. */
export interface Garbage {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

/** Bodies that are right somewhere. */
const VALID_BODIES: readonly object[] = [
  { locationId: 'main', mode: 'pickup', lines: [{ sku: 'water', quantity: 1 }], merchantOrderNo: 'A-1' },
  { name: 'Water', price: { amount: 250, currency: 'EUR' }, trackStock: true, station: 'bar', prepSeconds: 3 },
  { onHand: 5 },
  { reason: 'because' },
  { to: 'customer', code: '1' },
  { amount: { amount: 100, currency: 'EUR' }, reason: 'goodwill' },
  { quantity: 3, reason: 'receipt', to: 'other' },
  { lines: [{ lineId: 'lin_01j00000000000000000000000', quantity: 1 }], reason: 'late' },
  { decision: 'accept' },
  { carrier: 'dhl', tracking: '1', until: '2026-12-01T10:00:00Z' },
  { timeZone: 'Europe/Berlin', currency: 'EUR', modes: ['pickup'], taxRateBp: 700, taxInclusive: true },
  {},
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
/** An operation of the API; its path with `{name}` for what varies. */
export interface Operation {
  readonly method: string;
  readonly path: string;
}

/** The operations that an OpenAPI document lists. */
export function operationsOf(document: unknown): readonly Operation[] {
  const { paths } = document as { readonly paths: Readonly<Record<string, object>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
  );
}

const METHODS = ['GET', 'PUT', 'POST', 'HEAD', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'];
const VARIABLE = /\{\w+\}/;

/** Anything, anywhere: most of it finds nothing, or the wrong method. */
function scattered(operations: readonly Operation[]): fc.Arbitrary<Garbage> {
  const path = fc
    .tuple(
      fc.constantFrom('/{x}', ...operations.map((operation) => operation.path)),
      fc.array(segment, { minLength: 3, maxLength: 3 }),
    )
    .map(([template, segments]) => segments.reduce((left, one) => left.replace(VARIABLE, () => one), template));
  return fc.record({
    method: fc.constantFrom(...METHODS),
    path: fc.tuple(path, query).map(([first, rest]) => (rest === '' ? first : `${first}?${rest}`)),
    headers,
    body,
  });
}

const ID_BODY = '01j00000000000000000000000';
const PREFIXES: Readonly<Record<string, string>> = {
  orders: 'ord',
  tickets: 'tkt',
  items: 'itm',
  payments: 'pay',
  refunds: 'rfd',
  shipments: 'shp',
  tasks: 'tsk',
};

/** A path whose parts have the form that they should: what they name is there, or is not. */
const wellFormed = (path: string): string =>
  path.replaceAll(/([\w-]+)\/\{\w+\}(?:\/\{\w+\})?/g, (all, kind: string) => {
    const prefix = PREFIXES[kind];
    if (prefix !== undefined) return `${kind}/${prefix}_${ID_BODY}`;
    return `${kind}/${kind === 'offers' || kind === 'stock' ? 'water' : 'main'}${all.split('{').length > 2 ? '/main' : ''}`;
  });

/** Aimed at a command that there is, with headers that let its body be read. */
const aimedCommand = (commands: readonly Operation[]): fc.Arbitrary<Garbage> =>
  fc
    .record({
      target: fc.constantFrom(...commands),
      content: body,
      key: fc.uuid(),
      ifMatch: fc.option(fc.constantFrom('*', '"r0"', '"x"')),
    })
    .map(({ target: { method, path }, content, key, ifMatch }) => ({
      method,
      path: wellFormed(path),
      headers: {
        'content-type': 'application/json',
        'idempotency-key': key,
        prefer: 'wait=9',
        ...(ifMatch === null ? {} : { 'if-match': ifMatch }),
      },
      body: content,
    }));

/** Aimed at something to read, with a query that may be anything. */
const aimedRead = (reads: readonly Operation[]): fc.Arbitrary<Garbage> =>
  fc
    .record({ target: fc.constantFrom(...reads), query, ifNoneMatch: fc.option(headerText) })
    .map(({ target: { path }, query: rest, ifNoneMatch }) => ({
      method: 'GET',
      path: rest === '' ? wellFormed(path) : `${wellFormed(path)}?${rest}`,
      headers: ifNoneMatch === null ? {} : { 'if-none-match': ifNoneMatch },
      body: undefined,
    }));

/** Requests of which hardly one is right, for whatever operations the API has. */
export const garbageFor = (operations: readonly Operation[]): fc.Arbitrary<Garbage> =>
  fc.oneof(
    { weight: 2, arbitrary: scattered(operations) },
    { weight: 3, arbitrary: aimedCommand(operations.filter(({ method }) => method !== 'GET')) },
    { weight: 2, arbitrary: aimedRead(operations.filter(({ method }) => method === 'GET')) },
  );
