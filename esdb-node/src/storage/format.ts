import { createHash } from 'node:crypto';
import { checksum } from './checksum.js';
import type { StreamHead } from './storage.js';

// How the tables of a log are keyed and what their values say; all numbers big endian, so that keys sort as numbers do.

/** The format of the folder; a number that this version does not know is refused. */
export const FORMAT = 1;

/** Keys of the table `meta`; its values are positions in form. */
export const META = {
  format: Buffer.from('format'),
  /** Where the next event goes. */
  end: Buffer.from('end'),
  /** The number that the next new stream gets. */
  nextStream: Buffer.from('nextStream'),
  /** How many events scavenges have removed so far; absent before the first. */
  erased: Buffer.from('erased'),
} as const;

/** Names longer than this are kept under their hash: LMDB's keys are bounded. */
const MAX_NAME = 400;

const POSITION_SIZE = 8;
const ENTRY_SIZE = POSITION_SIZE + 4;
const HEAD_SIZE = 12;

const writeNumber = (target: Buffer, value: number, at: number): void => {
  target.writeUInt32BE(Math.floor(value / 2 ** 32), at);
  target.writeUInt32BE(value >>> 0, at + 4);
};

const readNumber = (source: Buffer, at: number): number =>
  source.readUInt32BE(at) * 2 ** 32 + source.readUInt32BE(at + 4);

/** Key of `records`, and the form of every number in `meta`. */
export const positionKey = (position: number): Buffer => {
  const key = Buffer.allocUnsafe(POSITION_SIZE);
  writeNumber(key, position, 0);
  return key;
};

/** The position that a key of `records`, or an entry of `index`, says. */
export const positionOf = (bytes: Buffer): number => readNumber(bytes, 0);

/** Key of `index`: stream number, then revision, so that a stream's events lie side by side, in order. */
export const revisionKey = (streamId: number, revision: number): Buffer => {
  const key = Buffer.allocUnsafe(12);
  key.writeUInt32BE(streamId, 0);
  writeNumber(key, revision, 4);
  return key;
};

export const streamIdOf = (key: Buffer): number => key.readUInt32BE(0);
export const revisionOf = (key: Buffer): number => readNumber(key, 4);

/** Value of `index`: where the event lies, and the checksum of its bytes. */
export const indexEntry = (position: number, bytes: Buffer): Buffer => {
  const entry = Buffer.allocUnsafe(ENTRY_SIZE);
  writeNumber(entry, position, 0);
  entry.writeUInt32BE(checksum(bytes), POSITION_SIZE);
  return entry;
};

/** The checksum in an entry of `index`; undefined when it has none. */
export const checksumOf = (entry: Buffer): number | undefined =>
  entry.length === ENTRY_SIZE ? entry.readUInt32BE(POSITION_SIZE) : undefined;

/** The key of `records` that an entry of `index` points at. */
export const placeOf = (entry: Buffer): Buffer => entry.subarray(0, POSITION_SIZE);

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
