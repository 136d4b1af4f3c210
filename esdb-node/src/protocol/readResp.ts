import { FRAME_HEADER, writeFrameHeader } from '../transport/frames.js';
import { root } from './root.js';
import { codecOf, define } from './schema.js';
import { wide } from './shared.js';
import './streams.js';
import { varintSize, writeVarint } from './varint.js';

const POSITION = { commitPosition: '1 uint64', preparePosition: '2 uint64' };

// Answers that hold events are put together by hand below, from the bytes that are stored.
define(root, 'event_store.client.streams', {
  ReadResp: {
    '?content': {
      confirmation: '2 ReadResp.SubscriptionConfirmation',
      checkpoint: '3 ReadResp.Checkpoint',
      streamNotFound: '4 ReadResp.StreamNotFound',
      firstStreamPosition: '5 uint64',
      lastStreamPosition: '6 uint64',
      lastAllStreamPosition: '7 event_store.client.AllStreamPosition',
      caughtUp: '8 ReadResp.CaughtUp',
      fellBehind: '9 ReadResp.FellBehind',
    },
  },
  'ReadResp.SubscriptionConfirmation': { subscriptionId: '1 string' },
  'ReadResp.Checkpoint': POSITION,
  'ReadResp.StreamNotFound': { streamIdentifier: '1 event_store.client.StreamIdentifier' },
  'ReadResp.CaughtUp': {},
  'ReadResp.FellBehind': {},
});

const readResp = codecOf<object>(root, 'event_store.client.streams.ReadResp');

export const confirmation = (subscriptionId: string): Uint8Array =>
  readResp.encode({ confirmation: { subscriptionId } });
export const caughtUp = readResp.encode({ caughtUp: {} });
export const streamNotFound = (stream: string): Uint8Array =>
  readResp.encode({ streamNotFound: { streamIdentifier: { streamName: Buffer.from(stream) } } });
export const checkpoint = (commit: number, prepare: number): Uint8Array =>
  readResp.encode({ checkpoint: { commitPosition: wide(commit), preparePosition: wide(prepare) } });
export const firstStreamPosition = (revision: number): Uint8Array =>
  readResp.encode({ firstStreamPosition: wide(revision) });
export const lastStreamPosition = (revision: number): Uint8Array =>
  readResp.encode({ lastStreamPosition: wide(revision) });

/** One answer of a read: an event, or a link with the event it points at (none when the target is gone). */
export interface ReadEvent {
  /** The encoded RecordedEvent; undefined when a link's target is gone. */
  readonly event: Buffer | undefined;
  /** The encoded RecordedEvent of the link. */
  readonly link: Buffer | undefined;
  /** The commit position; undefined where a real server says none. */
  readonly position: number | undefined;
}

const partSize = (bytes: Buffer | undefined): number =>
  bytes === undefined ? 0 : 1 + varintSize(bytes.length) + bytes.length;

const innerSize = (item: ReadEvent): number =>
  partSize(item.event) + partSize(item.link) + (item.position === undefined ? 2 : 1 + varintSize(item.position));

/** Bytes of an event's answer with its frame header. */
export const framedSize = (item: ReadEvent): number => {
  const inner = innerSize(item);
  return FRAME_HEADER + 1 + varintSize(inner) + inner;
};

const writePart = (out: Buffer, at: number, tag: number, bytes: Buffer | undefined): number => {
  if (bytes === undefined) return at;
  out[at] = tag;
  const from = writeVarint(out, at + 1, bytes.length);
  return from + bytes.copy(out, from);
};

/** Writes the answer for an event behind its frame header at `at`; returns the offset behind it. */
export const writeFramed = (out: Buffer, at: number, item: ReadEvent): number => {
  const inner = innerSize(item);
  let to = writeFrameHeader(out, at, 1 + varintSize(inner) + inner);
  out[to] = 0x0a;
  to = writeVarint(out, to + 1, inner);
  to = writePart(out, to, 0x0a, item.event);
  to = writePart(out, to, 0x12, item.link);
  if (item.position === undefined) {
    out[to] = 0x22;
    out[to + 1] = 0;
    return to + 2;
  }
  out[to] = 0x18;
  return writeVarint(out, to + 1, item.position);
};
