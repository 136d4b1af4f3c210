import type protobuf from 'protobufjs/minimal.js';

/**
 * Goes through the fields of a message up to an end, in the order in which they came; what `take` did not read is skipped.
 *
 * @param take reads the field with that number, and says whether it did
 * @throws RangeError where the bytes end too early
 */
export function readFields(reader: protobuf.Reader, end: number, take: (field: number) => boolean): void {
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (!take(tag >>> 3)) reader.skipType(tag & 7);
  }
}

/**
 * Where what stands here with its length before it ends; the reader then stands at its beginning.
 * @throws RangeError where that is beyond the bytes
 */
export function endOfInner(reader: protobuf.Reader): number {
  const length = reader.uint32();
  const end = reader.pos + length;
  if (end > reader.len) throw new RangeError(`a message of ${reader.len} bytes has a part that ends at ${end}`);
  return end;
}

/** Goes through the fields of a message that stands here with its length before it. */
export function readInner(reader: protobuf.Reader, take: (field: number) => boolean): void {
  readFields(reader, endOfInner(reader), take);
}

/** The text that one field of an inner message holds; empty when it is not there. */
export function readTextIn(reader: protobuf.Reader, wanted: number): string {
  let text = '';
  readInner(reader, (field) => {
    if (field !== wanted) return false;
    text = reader.string();
    return true;
  });
  return text;
}

/** A whole number of 64 bits without sign. */
export function readWide(reader: protobuf.Reader): bigint {
  const value: number | protobuf.Long = reader.uint64();
  if (typeof value === 'number') return BigInt(value);
  return (BigInt(value.high >>> 0) << 32n) | BigInt(value.low >>> 0);
}

const WITH_LENGTH = 2;
/** The tag of a field that comes with its length: a text, bytes, an inner message. */
export const withLength = (field: number): number => (field << 3) | WITH_LENGTH;
/** The tag of a field that is a number. */
export const asVarint = (field: number): number => field << 3;
