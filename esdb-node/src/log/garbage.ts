import type { RecordedEvent } from '../protocol/recorded.js';
import { TOMBSTONE } from '../protocol/recorded.js';
import type { Reader } from './reader.js';
import { firstVisible, isMetastream, originalOf } from './metadata.js';

/** What a scavenge has to know of a stream. */
interface Fate {
  readonly streamId: number;
  readonly lastRevision: number;
  /** Events below this revision go. */
  readonly keepFrom: number;
  /** Events from before this moment go; milliseconds since 1970. */
  readonly notBefore: number | undefined;
}

/**
 * Tells which events nobody can read in their streams any more. As with a real server the last event of a stream stays, whatever
 * hides it; of a tombstoned stream only the tombstone stays, of its metadata nothing.
 */
export class Garbage {
  private readonly fates = new Map<string, Fate>();

  constructor(
    private readonly reader: Reader,
    private readonly now: () => number,
  ) {}

  /** The number of the event's stream when the event can go, else undefined. */
  streamIdOf(event: RecordedEvent): number | undefined {
    const { streamId, keepFrom, lastRevision, notBefore } = this.fateOf(event.stream);
    if (event.revision < keepFrom) return streamId;
    const tooOld = notBefore !== undefined && event.created < notBefore;
    return tooOld && event.revision < lastRevision ? streamId : undefined;
  }

  private fateOf(stream: string): Fate {
    const known = this.fates.get(stream);
    if (known) return known;
    const fate = this.judge(stream);
    this.fates.set(stream, fate);
    return fate;
  }

  private judge(stream: string): Fate {
    const { id: streamId, lastRevision } = this.reader.head(stream);
    const kept = { streamId, lastRevision, notBefore: undefined };
    if (lastRevision === TOMBSTONE) return { ...kept, keepFrom: TOMBSTONE };
    const ofTombstoned = isMetastream(stream) && this.reader.head(originalOf(stream)).lastRevision === TOMBSTONE;
    if (ofTombstoned) return { ...kept, keepFrom: lastRevision + 1 };
    const metadata = this.reader.metadataOf(stream);
    return {
      ...kept,
      keepFrom: Math.min(firstVisible(metadata, lastRevision), lastRevision),
      notBefore: metadata.maxAge === undefined ? undefined : this.now() - metadata.maxAge * 1000,
    };
  }
}
