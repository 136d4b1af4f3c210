import type { RecordedEvent } from '../protocol/recorded.js';
import { TOMBSTONE, decodeRecorded } from '../protocol/recorded.js';
import type { StreamHead } from '../storage/storage.js';
import type { Target } from './check.js';
import type { Heads } from './heads.js';
import { firstVisible, isMetastream, isSoftDeleted, metastreamOf, originalOf, parseMetadata } from './metadata.js';

/** What a write needs to know of its stream and the stream's metadata, writes that are not durable yet included. */
export class Targets {
  constructor(private readonly heads: Heads) {}

  of(stream: string): Target {
    const metadata = this.metadataEvent(stream);
    return {
      stream,
      head: this.heads.of(stream),
      softDeleted: metadata !== undefined && isSoftDeleted(parseMetadata(metadata)),
      hasMetadata: metadata !== undefined,
    };
  }

  /** The event that says the stream's metadata. */
  metadataEvent(stream: string): RecordedEvent | undefined {
    if (isMetastream(stream)) return undefined;
    const head = this.heads.of(metastreamOf(stream));
    if (head.lastRevision < 0 || head.lastRevision === TOMBSTONE) return undefined;
    const record = this.heads.eventAt(head, head.lastRevision);
    return record && decodeRecorded(record.bytes);
  }

  /** Whether metadata hides an event of the stream. */
  isHidden(stream: string, head: StreamHead, revision: number): boolean {
    const metadata = this.metadataEvent(stream);
    return metadata !== undefined && revision < firstVisible(parseMetadata(metadata), head.lastRevision);
  }

  /** Whether the metadata event at this place of a metadata stream is a soft delete. */
  isSoftDelete(metastream: string, revision: number): boolean {
    const record = this.heads.eventAt(this.heads.of(metastream), revision);
    return record !== undefined && isSoftDeleted(parseMetadata(decodeRecorded(record.bytes)));
  }

  /** A stream that was tombstoned without metadata gets none any more. */
  isClosedMetastream({ stream, head }: Target): boolean {
    if (!isMetastream(stream) || head.lastRevision >= 0) return false;
    return this.heads.of(originalOf(stream)).lastRevision === TOMBSTONE;
  }
}
