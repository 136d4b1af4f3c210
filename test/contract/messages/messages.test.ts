import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import { CloudEventEnvelope } from '../../../src/consumers/contracts/cloudEvent.js';
import { contracts, dataSchemaOf, type MessageType } from '../../../src/consumers/contracts/index.js';
import { decodeMessage } from '../../../src/consumers/runtime/decodeMessage.js';

const GOLDEN = new URL('golden/', import.meta.url);
type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A message as it was on the wire when its version shipped: never edited, and readable for ever. */
const golden = (type: string) =>
  JSON.parse(readFileSync(new URL(`${type}.json`, GOLDEN), 'utf8')) as { readonly [key: string]: Json };
const types = Object.keys(contracts) as MessageType[];

/** Fields that may be absent. */
const OPTIONAL = new Set([
  'merchantOrderNo',
  'promisedAt',
  'businessDate',
  'table',
  'destination',
  'limits',
  'paymentId',
  'paymentDueAt',
  'cancellationId',
  'refundDue',
  'service',
  'dueBy',
  'until',
  'trackingNo',
]);
const OPTIONAL_IN: Readonly<Record<string, readonly string[]>> = {
  lines: ['station', 'prepSeconds'],
  destination: ['region', 'postalPrefix', 'zone'],
  parcels: ['length', 'width', 'height'],
  from: ['place'],
  place: ['postalCode', 'region', 'extra'],
  limits: ['reviewAbove', 'rejectAbove', 'reviewQuantityAbove', 'zones'],
  reasons: ['lineId', 'sku', 'name', 'wanted', 'available'],
};

/** Every path to a field of an object inside, with the name of the list or object that it stands in. */
function* fields(value: Json, path: readonly string[] = []): Iterable<readonly string[]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    if (!Array.isArray(value)) yield [...path, key];
    yield* fields(member, [...path, key]);
  }
}

function without(value: Json, [key, ...rest]: readonly string[]): Json {
  if (typeof value !== 'object' || value === null || key === undefined) return value;
  if (Array.isArray(value))
    return value.map((member: Json, index) => (String(index) === key ? without(member, rest) : member));
  const entries = Object.entries(value).filter(([name]) => rest.length > 0 || name !== key);
  return Object.fromEntries(entries.map(([name, member]) => [name, name === key ? without(member, rest) : member]));
}

const isOptional = (type: MessageType, path: readonly string[]): boolean => {
  const name = path.at(-1) ?? '';
  const holder = path.filter((key) => !/^\d+$/.test(key)).at(-2) ?? '';
  if (OPTIONAL_IN[holder]?.includes(name)) return true;
  // an offer may be suspended everywhere
  if (name === 'locationId' && type === 'offer.suspended.v1') return true;
  // what a carrier may leave out, others must say
  if (type.startsWith('carrier.') && (name === 'detail' || name === 'labelRef')) return true;
  // a label that was sold has a number
  if (type === 'carrier.label_void_requested.v1' && name === 'trackingNo') return false;
  // only what was asked for can be declined
  if (type === 'order.cancellation_declined.v1' && name === 'cancellationId') return false;
  // what an accepted order may lack, a payment message must have
  return OPTIONAL.has(name) && !(name === 'paymentId' && type !== 'order.accepted.v1');
};

const accepts = (type: MessageType, data: unknown): boolean => contracts[type].decode(data)._tag === 'Right';

describe('messages between services', () => {
  it('have each a golden file, and none that is forgotten', () => {
    expect(readdirSync(GOLDEN).sort()).to.deep.equal(types.map((type) => `${type}.json`).sort());
  });

  for (const type of types) {
    describe(type, () => {
      const message = golden(type);
      const { data } = message as { data: Json };

      it('is a CloudEvent that names its contract', () => {
        expect(E.isRight(CloudEventEnvelope.decode(message))).to.equal(true);
        expect(message['type']).to.equal(type);
        expect(message['dataschema']).to.equal(dataSchemaOf(type));
      });

      it('is read back whole', () => {
        expect(decodeMessage(type, message as never)).to.deep.equal(data);
      });

      it('is read although later versions of the contract have more fields', () => {
        const more = { ...(data as Record<string, Json>), added: { later: true } };
        expect(accepts(type, more)).to.equal(true);
      });

      it('is turned away when any field is missing that it must have', () => {
        const required = [...fields(data)].filter((path) => !isOptional(type, path));
        expect(required.length).to.be.greaterThan(1);
        for (const path of required) {
          expect(accepts(type, without(data, path)), `without ${path.join('.')}`).to.equal(false);
        }
      });

      it('is read when what is optional is missing', () => {
        for (const path of [...fields(data)].filter((one) => isOptional(type, one))) {
          expect(accepts(type, without(data, path)), `without ${path.join('.')}`).to.equal(true);
        }
      });

      it('says nothing that identifies a person, and no address at which one could pay', () => {
        const names = [...fields(data)].map((path) => path.at(-1) ?? '');
        const personal = /e-?mail|phone|address|contact|person|firstname|lastname|birth|card|url|link|note/i;
        expect(names.filter((name) => personal.test(name))).to.deep.equal([]);
      });
    });
  }
});
