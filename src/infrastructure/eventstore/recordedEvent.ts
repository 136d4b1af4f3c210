import type protobuf from 'protobufjs/minimal.js';
import type { StoredEvent } from '../../domain/kernel/storedEvent.js';
import { endOfInner, readTextIn, readWide } from './wire.js';

// the field numbers of ReadResp.ReadEvent.RecordedEvent, in EventStoreDB's protocol (package event_store.client.streams)
const RECORDED = { id: 1, stream: 2, revision: 3, commit: 5, properties: 6, metadata: 7, data: 8 } as const;
const UUID = { text: 2 } as const;
const STREAM_IDENTIFIER = { name: 3 } as const;
const ENTRY = { key: 1, value: 2 } as const;

const TYPE = Buffer.from('type');
const CONTENT_TYPE = Buffer.from('content-type');
const CREATED = Buffer.from('created');
const JSON_TYPE = Buffer.from('application/json');

/** The server counts in ticks of 100 ns: the last four digits are less than a millisecond. */
const TICK_DIGITS = 4;
const ZERO = 48;

/**
 * An event as it stands in an answer of the server. Its data and metadata are parsed anew whenever they are asked for, since
 * most of a process's feed concerns nobody in it. Every event of the log is one of these: it keeps places in the answer's
 * bytes instead of pieces of them, and makes no text of what it only has to recognise; the verification of a whole log was
 * faster by a seventh for that.
 */
export class RecordedEvent implements StoredEvent {
  readonly id: string = '';
  readonly type: string = '';
  readonly stream: string = '';
  readonly revision: number = 0;
  readonly position: bigint = 0n;
  private readonly bytes: Buffer;
  private readonly createdMs: number = 0;
  private readonly isJson: boolean = false;
  private readonly dataFrom: number = 0;
  private readonly dataTo: number = 0;
  private readonly metadataFrom: number = 0;
  private readonly metadataTo: number = 0;

  /**
   * Reads the message that stands at the reader with its length before it.
   * @param bytes what the reader reads
   * @throws RangeError where the bytes end too early, Error for an event without id
   */
  constructor(reader: protobuf.Reader, bytes: Buffer) {
    this.bytes = bytes;
    const end = endOfInner(reader);
    while (reader.pos < end) {
      const tag = reader.uint32();
      switch (tag >>> 3) {
        case RECORDED.id:
          this.id = readTextIn(reader, UUID.text);
          break;
        case RECORDED.stream:
          this.stream = readTextIn(reader, STREAM_IDENTIFIER.name);
          break;
        case RECORDED.revision:
          this.revision = Number(readWide(reader));
          break;
        case RECORDED.commit:
          this.position = readWide(reader);
          break;
        case RECORDED.metadata:
          this.metadataTo = endOfInner(reader);
          this.metadataFrom = reader.pos;
          reader.pos = this.metadataTo;
          break;
        case RECORDED.data:
          this.dataTo = endOfInner(reader);
          this.dataFrom = reader.pos;
          reader.pos = this.dataTo;
          break;
        case RECORDED.properties: {
          const entry = entryAt(reader);
          if (isAt(bytes, entry.keyFrom, entry.keyTo, TYPE)) this.type = bytes.toString('utf8', entry.from, entry.to);
          else if (isAt(bytes, entry.keyFrom, entry.keyTo, CREATED))
            this.createdMs = wholeNumberAt(bytes, entry.from, entry.to - TICK_DIGITS);
          else if (isAt(bytes, entry.keyFrom, entry.keyTo, CONTENT_TYPE))
            this.isJson = isAt(bytes, entry.from, entry.to, JSON_TYPE);
          break;
        }
        default:
          reader.skipType(tag & 7);
      }
    }
    if (this.id === '') throw new Error(`an event of ${this.stream} came without an id`);
  }

  get data(): unknown {
    return this.isJson
      ? jsonOf(this.bytes.toString('utf8', this.dataFrom, this.dataTo))
      : this.bytes.subarray(this.dataFrom, this.dataTo);
  }

  get metadata(): unknown {
    if (this.metadataFrom === this.metadataTo) return undefined;
    return jsonOf(this.bytes.toString('utf8', this.metadataFrom, this.metadataTo));
  }

  get createdAt(): Date {
    return new Date(this.createdMs);
  }
}

interface Entry {
  readonly keyFrom: number;
  readonly keyTo: number;
  readonly from: number;
  readonly to: number;
}

/** The places of the two texts of a map's entry. */
function entryAt(reader: protobuf.Reader): Entry {
  const end = endOfInner(reader);
  const entry = { keyFrom: 0, keyTo: 0, from: 0, to: 0 };
  while (reader.pos < end) {
    const tag = reader.uint32();
    switch (tag >>> 3) {
      case ENTRY.key:
        entry.keyTo = endOfInner(reader);
        entry.keyFrom = reader.pos;
        reader.pos = entry.keyTo;
        break;
      case ENTRY.value:
        entry.to = endOfInner(reader);
        entry.from = reader.pos;
        reader.pos = entry.to;
        break;
      default:
        reader.skipType(tag & 7);
    }
  }
  return entry;
}

/** Whether these very bytes stand there. */
function isAt(bytes: Buffer, from: number, to: number, wanted: Buffer): boolean {
  if (to - from !== wanted.length) return false;
  for (let index = 0; index < wanted.length; index++) if (bytes[from + index] !== wanted[index]) return false;
  return true;
}

/** A whole number in decimal digits; 0 where there is none, NaN for anything else. */
function wholeNumberAt(bytes: Buffer, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at++) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return NaN;
    number = number * 10 + digit;
  }
  return number;
}

/** What is no JSON although it says so is handed on as text: whoever decodes it refuses it then. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
