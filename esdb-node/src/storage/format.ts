import { createHash } from 'node:crypto';
import { checksum } from './checksum.js';
import type { StreamHead } from './storage.js';

// How the tables of a log are keyed and what their values say; all numbers big endian, so that keys sort as numbers do.

/** The format of the folder; a number that this version does not know is refused. */
export const FORMAT = 2;

/** Keys of the table `meta`; its values are numbers as positionKey writes them. */
export const META = {
  format: Buffer.from('format'),
  /** Where the next event goes. */
  end: Buffer.from('end'),
  /** The place in the log up to which `index` and `heads` know it. */
  indexed: Buffer.from('indexed'),
  /** The number that the first new stream behind `indexed` gets. */
  nextStream: Buffer.from('nextStream'),
  /** How many events scavenges have removed so far; absent before the first. */
  erased: Buffer.from('erased'),
} as const;

/** Names longer than this are kept under their hash: LMDB's keys are bounded. */
const MAX_NAME = 400;

const NUMBER_SIZE = 8;
const CHECKSUM_SIZE = 4;
const HEAD_SIZE = 12;
const PLACE_SIZE = 8;
/** An index entry tells revisions by their distance from its key, which has two bytes. */
const MAX_DISTANCE = 0xffff;

const writeNumber = (target: Buffer, value: number, at: number): void => {
  target.writeUInt32BE(Math.floor(value / 2 ** 32), at);
  target.writeUInt32BE(value >>> 0, at + 4);
};

const readNumber = (source: Buffer, at: number): number =>
  source.readUInt32BE(at) * 2 ** 32 + source.readUInt32BE(at + 4);

/** Key of `records`, and the form of every number in `meta`. */
export const positionKey = (position: number): Buffer => {
  const key = Buffer.allocUnsafe(NUMBER_SIZE);
  writeNumber(key, position, 0);
  return key;
};

export const positionOf = (key: Buffer): number => readNumber(key, 0);

/** Value of `records`: the event's bytes, and behind them their checksum. */
export const sealed = (bytes: Buffer): Buffer => {
  const value = Buffer.allocUnsafe(bytes.length + CHECKSUM_SIZE);
  value.set(bytes);
  value.writeUInt32BE(checksum(bytes), bytes.length);
  return value;
};

/** The event's bytes in a value of `records`, a view. */
export const unsealed = (value: Buffer): Buffer => value.subarray(0, value.length - CHECKSUM_SIZE);

/** Whether a value of `records` holds the bytes that were written. */
export const isIntact = (value: Buffer): boolean =>
  value.length > CHECKSUM_SIZE && value.readUInt32BE(value.length - CHECKSUM_SIZE) === checksum(unsealed(value));

/** Where an event of a stream lies. */
export interface Place {
  readonly revision: number;
  readonly position: number;
}

/** Key of `index`: stream number, then a revision, so that a stream's events lie side by side, in order. */
export const revisionKey = (streamId: number, revision: number): Buffer => {
  const key = Buffer.allocUnsafe(4 + NUMBER_SIZE);
  key.writeUInt32BE(streamId, 0);
  writeNumber(key, revision, 4);
  return key;
};

export const streamIdOf = (key: Buffer): number => key.readUInt32BE(0);

/** Whether a place can stand in the entry of `index` whose key has this revision. */
export const fits = (first: number, { revision }: Place): boolean => revision - first <= MAX_DISTANCE;

/** Value of `index`: where some events of a stream lie, those from the key's revision on. */
export const placesValue = (first: number, places: readonly Place[]): Buffer => {
  const value = Buffer.allocUnsafe(places.length * PLACE_SIZE);
  let at = 0;
  for (const { revision, position } of places) {
    value.writeUInt16BE(revision - first, at);
    value.writeUIntBE(position, at + 2, 6);
    at += PLACE_SIZE;
  }
  return value;
};

/** The places that an entry of `index` tells, in order. */
export const placesOf = (key: Buffer, value: Buffer): Place[] => {
  const first = readNumber(key, 4);
  const places: Place[] = [];
  for (let at = 0; at + PLACE_SIZE <= value.length; at += PLACE_SIZE) {
    places.push({ revision: first + value.readUInt16BE(at), position: value.readUIntBE(at + 2, 6) });
  }
  return places;
};

/** Key of `heads`. */
export const nameKey = (stream: string): Buffer => {
  const name = Buffer.from(stream);
  if (name.length <= MAX_NAME) return Buffer.concat([Buffer.from('='), name]);
  const hash = createHash('sha256').update(name).digest();
  return Buffer.concat([Buffer.from('#'), hash]);
};

/** Value of `heads`. */
export const headValue = ({ id, lastRevision }: StreamHead): Buffer => {
  const value = Buffer.allocUnsafe(HEAD_SIZE);
  value.writeUInt32BE(id, 0);
  value.writeDoubleBE(lastRevision, 4);
  return value;
};

/** What a value of `heads` says; undefined for one that cannot have been written. */
export const headOf = (value: Buffer): StreamHead | undefined =>
  value.length === HEAD_SIZE ? { id: value.readUInt32BE(0), lastRevision: value.readDoubleBE(4) } : undefined;
