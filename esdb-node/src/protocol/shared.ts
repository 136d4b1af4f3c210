import { root } from './root.js';
import { define } from './schema.js';

define(root, 'google.protobuf', {
  Any: { typeUrl: '1 string', value: '2 bytes' },
  Timestamp: { seconds: '1 int64', nanos: '2 int32' },
  Duration: { seconds: '1 int64', nanos: '2 int32' },
  Empty: {},
});

define(root, 'google.rpc', {
  Status: { code: '1 int32', message: '2 string', details: '3 google.protobuf.Any' },
});

define(root, 'event_store.client', {
  UUID: { '?value': { structured: '1 UUID.Structured', string: '2 string' } },
  'UUID.Structured': { mostSignificantBits: '1 int64', leastSignificantBits: '2 int64' },
  Empty: {},
  StreamIdentifier: { streamName: '3 bytes' },
  AllStreamPosition: { commitPosition: '1 uint64', preparePosition: '2 uint64' },
  WrongExpectedVersion: {
    '?currentStreamRevisionOption': { currentStreamRevision: '1 uint64', currentNoStream: '2 google.protobuf.Empty' },
    '?expectedStreamPositionOption': {
      expectedStreamPosition: '3 uint64',
      expectedAny: '4 google.protobuf.Empty',
      expectedStreamExists: '5 google.protobuf.Empty',
      expectedNoStream: '6 google.protobuf.Empty',
    },
  },
  AccessDenied: {},
  StreamDeleted: { streamIdentifier: '1 StreamIdentifier' },
  Timeout: {},
  Unknown: {},
  InvalidTransaction: {},
  MaximumAppendSizeExceeded: { maxAppendSize: '1 uint32' },
  BadRequest: { message: '1 string' },
});

/** A 64-bit number as the codec hands it over. */
export interface Wide {
  readonly low: number;
  readonly high: number;
  readonly unsigned: boolean;
}

/** Any 64-bit number as a bigint, read as unsigned. */
export const unsigned = (value: Wide | number): bigint =>
  typeof value === 'number'
    ? BigInt.asUintN(64, BigInt(value))
    : (BigInt(value.high >>> 0) << 32n) | BigInt(value.low >>> 0);

/** Any 64-bit number as a bigint, read as signed. */
export const signed = (value: Wide | number): bigint => BigInt.asIntN(64, unsigned(value));

/** A 64-bit number as the codec takes it. */
export const wide = (value: bigint | number): Wide => {
  const bits = BigInt.asUintN(64, BigInt(value));
  return { low: Number(bits & 0xffffffffn) | 0, high: Number(bits >> 32n) | 0, unsigned: true };
};

export interface UuidMessage {
  readonly value?: 'structured' | 'string';
  readonly structured?: { readonly mostSignificantBits: Wide; readonly leastSignificantBits: Wide };
  readonly string?: string;
}

export interface StreamIdentifier {
  readonly streamName: Uint8Array;
}

/** The bytes of a message without fields. */
export const EMPTY = new Uint8Array(0);
