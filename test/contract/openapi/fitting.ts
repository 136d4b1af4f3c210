import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import { problemSchema } from '../../../src/api/openapi/document.js';
import { pointerTo } from '../../../src/api/problems/validation.js';
import { faultOf, type Schema } from '../../../src/api/schema/schema.js';

const EXTENSIONS = [
  'what',
  'id',
  'current',
  'allowed',
  'items',
  'existing',
  'offered',
  'openItems',
  'itemId',
  'station',
  'parameter',
  'offset',
  'refundable',
  'lines',
  'decideBy',
  'first',
  'why',
  'until',
  'opensAt',
  'quote',
  'currencies',
  'paid',
  'minimum',
  'missing',
];

/** Problem documents may have members beyond the schema's, as RFC 9457 allows; ours are these. */
export function expectToFit(schema: Schema<unknown>, body: Readonly<Record<string, unknown>>): void {
  const isProblem = schema === problemSchema;
  const known = Object.fromEntries(Object.entries(body).filter(([name]) => !isProblem || !EXTENSIONS.includes(name)));
  const decoded = schema.codec.decode(known);
  const faults = E.isLeft(decoded)
    ? decoded.left.map((error) => `${pointerTo(error.context.slice(1).map(({ key }) => key))} ${faultOf(error).text}`)
    : [];
  expect(faults, JSON.stringify(body)).to.deep.equal([]);
}
