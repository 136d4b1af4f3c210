import { FRAME_HEADER, writeFrameHeader } from '../transport/frames.js';
import { decodeRecorded, encodeRecorded } from './recorded.js';
import { varintSize, writeVarint } from './varint.js';

/** One delivery: an event, or a link and what it points at. */
export interface Delivery {
  /** The encoded RecordedEvent; undefined when a link's target is gone. */
  readonly event: Buffer | undefined;
  /** The encoded RecordedEvent of the link. */
  readonly link: Buffer | undefined;
  readonly position: number;
  readonly retryCount: number;
}

const partSize = (bytes: Buffer | undefined): number =>
  bytes === undefined ? 0 : 1 + varintSize(bytes.length) + bytes.length;

const writePart = (out: Buffer, at: number, tag: number, bytes: Buffer | undefined): number => {
  if (bytes === undefined) return at;
  out[at] = tag;
  const from = writeVarint(out, at + 1, bytes.length);
  return from + bytes.copy(out, from);
};

/** The answer for a delivery (a ReadResp with a ReadEvent), behind its frame header. */
export const framedDelivery = ({ event, link, position, retryCount }: Delivery): Buffer => {
  const inner = partSize(event) + partSize(link) + 1 + varintSize(position) + 1 + varintSize(retryCount);
  const size = 1 + varintSize(inner) + inner;
  const out = Buffer.allocUnsafe(FRAME_HEADER + size);
  let at = writeFrameHeader(out, 0, size);
  out[at] = 0x0a;
  at = writeVarint(out, at + 1, inner);
  at = writePart(out, at, 0x0a, event);
  at = writePart(out, at, 0x12, link);
  out[at] = 0x18;
  at = writeVarint(out, at + 1, position);
  out[at] = 0x28;
  writeVarint(out, at + 1, retryCount);
  return out;
};

/** The same event as if it lay at another position: a real server gives the target of a link the link's own. */
export const atPosition = (bytes: Buffer, position: number): Buffer =>
  encodeRecorded({ ...decodeRecorded(bytes), position });
