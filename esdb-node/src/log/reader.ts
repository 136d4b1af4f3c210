import { LRUCache } from 'lru-cache';
import { TOMBSTONE, decodeRecorded } from '../protocol/recorded.js';
import type { Direction, Storage, StoredRecord, StreamEntry, StreamHead } from '../storage/storage.js';
import { MISSING } from './heads.js';
import { RECORD_OVERHEAD } from './positions.js';
import type { StreamMetadata } from './metadata.js';
import {
  NO_METADATA,
  firstVisible,
  isMetastream,
  isSoftDeleted,
  metastreamOf,
  originalOf,
  parseMetadata,
} from './metadata.js';

const CACHED_METADATA = 20_000;
/** Of a metadata stream only the last event counts, and only it is to be seen. */
const METASTREAM_METADATA: StreamMetadata = { maxCount: 1 };

/** `revision@stream`, as a real server reads it; −1 stands for the last event. */
const LINK = /^[\t-\r ]*([+-]?\d+)[\t-\r ]*(?:@(.*))?$/s;

/** What a reader sees of a stream. */
export type StreamView =
  | { readonly kind: 'missing' | 'deleted' | 'tombstoned' }
  | {
      readonly kind: 'there';
      readonly id: number;
      readonly lastRevision: number;
      /** The first revision that is not hidden by `$tb` or `$maxCount`. */
      readonly firstRevision: number;
      /** Events from before this moment are hidden (`$maxAge`); milliseconds since 1970. */
      readonly notBefore: number | undefined;
    };

/** Reads what is durable, as metadata lets it be seen. */
export class Reader {
  private readonly metadata = new LRUCache<string, { readonly revision: number; readonly value: StreamMetadata }>({
    max: CACHED_METADATA,
  });

  constructor(
    private readonly storage: Storage,
    private readonly now: () => number,
  ) {}

  head(stream: string): StreamHead {
    return this.storage.head(stream) ?? MISSING;
  }

  view(stream: string): StreamView {
    // the log as a whole is no stream, even if somebody wrote to one of that name
    if (stream === '$all') return { kind: 'missing' };
    const head = this.head(stream);
    const original = isMetastream(stream) ? this.head(originalOf(stream)) : undefined;
    if (head.lastRevision === TOMBSTONE || original?.lastRevision === TOMBSTONE) return { kind: 'tombstoned' };
    if (head.lastRevision < 0) return { kind: 'missing' };
    const metadata = this.metadataOf(stream);
    if (isSoftDeleted(metadata)) return { kind: 'deleted' };
    const { maxAge } = metadata;
    return {
      kind: 'there',
      id: head.id,
      lastRevision: head.lastRevision,
      firstRevision: firstVisible(metadata, head.lastRevision),
      notBefore: maxAge === undefined ? undefined : this.now() - maxAge * 1000,
    };
  }

  /** The metadata in force, {} without any. */
  metadataOf(stream: string): StreamMetadata {
    if (isMetastream(stream)) return METASTREAM_METADATA;
    const metastream = metastreamOf(stream);
    const head = this.head(metastream);
    if (head.lastRevision < 0 || head.lastRevision === TOMBSTONE) return NO_METADATA;
    const cached = this.metadata.get(metastream);
    if (cached?.revision === head.lastRevision) return cached.value;
    const record = this.storage.at(head.id, head.lastRevision);
    const value = record ? parseMetadata(decodeRecorded(record.bytes)) : NO_METADATA;
    this.metadata.set(metastream, { revision: head.lastRevision, value });
    return value;
  }

  /** Up to `limit` events that are to be seen, from a revision on, inclusive. */
  page(view: StreamView & { kind: 'there' }, from: number, limit: number, direction: Direction): StreamEntry[] {
    const { id, firstRevision, lastRevision, notBefore } = view;
    if (direction === 'forwards') {
      const start = Math.max(from, firstRevision);
      return this.young(this.storage.stream(id, start, limit, direction), notBefore);
    }
    const start = Math.min(from, lastRevision);
    const count = Math.min(limit, start - firstRevision + 1);
    if (count <= 0) return [];
    const entries = this.storage.stream(id, start, count, direction);
    return this.young(
      entries.filter((entry) => entry.revision >= firstRevision),
      notBefore,
    );
  }

  /** Up to `limit` events of the log: forwards from a position on, backwards those before it. */
  all(from: number, limit: number, direction: Direction): StoredRecord[] {
    return this.storage.all(from, limit, direction);
  }

  /** Where the next event goes. */
  end(): number {
    return this.storage.end();
  }

  /** What a link's data (`revision@stream`) points at: an event, nothing that is to be seen, or it is no link at all. */
  linkTarget(data: Uint8Array): Buffer | 'gone' | 'noLink' {
    const text = Buffer.from(data.buffer, data.byteOffset, data.length).toString('utf8');
    const match = LINK.exec(text);
    if (!match || BigInt.asIntN(64, BigInt(match[1] as string)) !== BigInt(match[1] as string)) return 'noLink';
    const view = this.view(match[2] ?? '');
    const number = Number(match[1]);
    const revision = number === -1 && view.kind === 'there' ? view.lastRevision : number;
    if (view.kind !== 'there' || revision < view.firstRevision || revision > view.lastRevision) return 'gone';
    return this.page(view, revision, 1, 'forwards').find((entry) => entry.revision === revision)?.bytes ?? 'gone';
  }

  /** Whether a position lies within an event instead of at its beginning. */
  isInside(position: number): boolean {
    if (position >= this.storage.end() || this.storage.has(position)) return false;
    const [before] = this.storage.all(position, 1, 'backwards');
    return before !== undefined && position < before.position + before.bytes.length + RECORD_OVERHEAD;
  }

  private young(entries: StreamEntry[], notBefore: number | undefined): StreamEntry[] {
    if (notBefore === undefined) return entries;
    return entries.filter((entry) => decodeRecorded(entry.bytes).created >= notBefore);
  }
}
