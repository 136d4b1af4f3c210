import { Cursor, varintSize, writeVarint } from './varint.js';

/** Stands for the revision of a tombstone (2^63 − 1 on the wire), which a number cannot hold. */
export const TOMBSTONE = Number.MAX_SAFE_INTEGER;
const TOMBSTONE_BYTES = Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]);

/** The two content types that there are: anything else counts as binary. */
export const JSON_TYPE = 'application/json';
export const BINARY_TYPE = 'application/octet-stream';

/** An event as it is stored: what a RecordedEvent message says. */
export interface RecordedEvent {
  /** In small letters, with dashes. */
  readonly id: string;
  readonly stream: string;
  /** From 0; TOMBSTONE for a tombstone. */
  readonly revision: number;
  /** Commit and prepare position, which are the same. */
  readonly position: number;
  readonly type: string;
  readonly contentType: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly customMetadata: Uint8Array;
  readonly data: Uint8Array;
}

const ID_SIZE = 40;
const revisionSize = (revision: number): number => (revision === TOMBSTONE ? 9 : varintSize(revision));
const delimited = (length: number): number => 1 + varintSize(length) + length;
const TYPE = Buffer.from('type');
const CONTENT_TYPE = Buffer.from('content-type');
const CREATED = Buffer.from('created');
/** The server's clock unit on the wire: 100 ns. */
const TICKS = '0000';

const writeBytes = (out: Buffer, at: number, tag: number, bytes: Uint8Array): number => {
  out[at] = tag;
  const from = writeVarint(out, at + 1, bytes.length);
  out.set(bytes, from);
  return from + bytes.length;
};

const entrySize = (key: Buffer, valueLength: number): number => delimited(key.length) + delimited(valueLength);

const writeEntry = (out: Buffer, at: number, key: Buffer, value: string, valueLength: number): number => {
  out[at] = 0x32;
  let to = writeVarint(out, at + 1, entrySize(key, valueLength));
  to = writeBytes(out, to, 0x0a, key);
  out[to] = 0x12;
  to = writeVarint(out, to + 1, valueLength);
  return to + out.write(value, to, 'utf8');
};

/** Encodes a RecordedEvent: fields in the order of their numbers, the id as text. This is what storage keeps and reads send. */
export const encodeRecorded = (event: RecordedEvent): Buffer => {
  const nameLength = Buffer.byteLength(event.stream);
  const typeLength = Buffer.byteLength(event.type);
  const contentLength = Buffer.byteLength(event.contentType);
  const created = `${event.created}${TICKS}`;
  const place = varintSize(event.position);
  const size =
    ID_SIZE +
    delimited(delimited(nameLength)) +
    (1 + revisionSize(event.revision)) +
    (1 + place) * 2 +
    delimited(entrySize(TYPE, typeLength)) +
    delimited(entrySize(CREATED, created.length)) +
    delimited(entrySize(CONTENT_TYPE, contentLength)) +
    delimited(event.customMetadata.length) +
    delimited(event.data.length);
  const out = Buffer.allocUnsafe(size);
  out[0] = 0x0a;
  out[1] = 38;
  out[2] = 0x12;
  out[3] = 36;
  out.write(event.id, 4, 'latin1');
  let at = ID_SIZE;
  out[at] = 0x12;
  at = writeVarint(out, at + 1, delimited(nameLength));
  out[at] = 0x1a;
  at = writeVarint(out, at + 1, nameLength);
  at += out.write(event.stream, at, 'utf8');
  out[at++] = 0x18;
  if (event.revision === TOMBSTONE) at += TOMBSTONE_BYTES.copy(out, at);
  else at = writeVarint(out, at, event.revision);
  out[at] = 0x20;
  at = writeVarint(out, at + 1, event.position);
  out[at] = 0x28;
  at = writeVarint(out, at + 1, event.position);
  at = writeEntry(out, at, TYPE, event.type, typeLength);
  at = writeEntry(out, at, CREATED, created, created.length);
  at = writeEntry(out, at, CONTENT_TYPE, event.contentType, contentLength);
  at = writeBytes(out, at, 0x3a, event.customMetadata);
  writeBytes(out, at, 0x42, event.data);
  return out;
};

/** Takes a stored RecordedEvent apart (only ever one that `encodeRecorded` wrote); data and metadata are views of `bytes`. */
export const decodeRecorded = (bytes: Buffer): RecordedEvent => {
  const cursor = new Cursor(bytes, ID_SIZE + 1);
  cursor.varint();
  cursor.at += 1;
  const stream = cursor.text();
  cursor.at += 1;
  const revision = cursor.varint();
  cursor.at += 1;
  const position = cursor.varint();
  cursor.at += 1;
  cursor.varint();
  const type = entryValue(cursor, TYPE);
  const created = entryValue(cursor, CREATED);
  const contentType = entryValue(cursor, CONTENT_TYPE);
  cursor.at += 1;
  const customMetadata = cursor.slice();
  cursor.at += 1;
  return {
    id: idOf(bytes),
    stream,
    revision: revision > TOMBSTONE ? TOMBSTONE : revision,
    position,
    type,
    contentType,
    created: Number(created.slice(0, -TICKS.length)),
    customMetadata,
    data: cursor.slice(),
  };
};

const entryValue = (cursor: Cursor, key: Buffer): string => {
  cursor.at += 1;
  cursor.varint();
  cursor.at += 1;
  cursor.varint();
  cursor.at += key.length + 1;
  return cursor.text();
};

/** The id of a stored event, without decoding the rest. */
export const idOf = (bytes: Buffer): string => bytes.toString('latin1', 4, ID_SIZE);

/** Stream and type of a stored event, for filters. */
export const namesOf = (bytes: Buffer): { readonly stream: string; readonly type: string } => {
  const cursor = new Cursor(bytes, ID_SIZE + 1);
  cursor.varint();
  cursor.at += 1;
  const stream = cursor.text();
  for (let k = 0; k < 3; k += 1) {
    cursor.at += 1;
    cursor.varint();
  }
  return { stream, type: entryValue(cursor, TYPE) };
};

/** The same event with its id as two 64-bit numbers, for callers that ask for ids in that form. */
export const withStructuredId = (bytes: Buffer): Buffer => {
  const hex = idOf(bytes).replaceAll('-', '');
  const head: number[] = [];
  for (const [tag, part] of [
    [0x08, hex.slice(0, 16)],
    [0x10, hex.slice(16)],
  ] as const) {
    head.push(tag);
    let rest = BigInt(`0x${part}`);
    while (rest >= 0x80n) {
      head.push(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    head.push(Number(rest));
  }
  const front = Buffer.from([0x0a, head.length + 2, 0x0a, head.length, ...head]);
  return Buffer.concat([front, bytes.subarray(ID_SIZE)]);
};
