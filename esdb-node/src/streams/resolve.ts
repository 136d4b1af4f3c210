import type { Reader } from '../log/reader.js';
import type { ReadEvent } from '../protocol/readResp.js';
import { decodeRecorded, namesOf, withStructuredId } from '../protocol/recorded.js';
import type { StoredRecord } from '../storage/storage.js';

/** The type of an event that points at another one: its data is `revision@stream`. */
export const LINK_TYPE = '$>';

export interface Presentation {
  readonly resolveLinks: boolean;
  readonly structuredIds: boolean;
  /** Whether data that is no link at all counts as a link without a target: so it is while live. */
  readonly live: boolean;
}

/** What a caller gets for a stored event: the event, or a link and what it points at. */
export const present = (reader: Reader, record: StoredRecord, how: Presentation): ReadEvent => {
  const form = (bytes: Buffer): Buffer => (how.structuredIds ? withStructuredId(bytes) : bytes);
  const plain = { event: form(record.bytes), link: undefined, position: record.position };
  if (!how.resolveLinks || namesOf(record.bytes).type !== LINK_TYPE) return plain;
  const target = reader.linkTarget(decodeRecorded(record.bytes).data);
  if (target === 'noLink' && !how.live) return plain;
  return {
    event: Buffer.isBuffer(target) ? form(target) : undefined,
    link: form(record.bytes),
    position: record.position,
  };
};
