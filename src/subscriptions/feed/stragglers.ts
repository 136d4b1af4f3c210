import type { Attachment } from './attachment.js';
import type { FeedReader } from './feedReader.js';

/**
 * How far a reader that others began may be behind somebody who joins it. Positions of an EventStoreDB count the bytes of its
 * log, so this is about a thousand events: reading them once more is little, and to read everything alone costs more.
 */
const NEAR = 1_048_576n;

/** A place behind the shared feed, to be left when it is not needed any more. */
export interface Place {
  readonly attachment: Attachment;
  leave(): Promise<void>;
}

/**
 * Those who are behind the shared feed. After a start, or when another process has died, all runners are behind by much the
 * same, and were each to read the log for itself, it would be read and decoded as many times as there are runners, just
 * when the store has enough to do. So whoever comes near a reader that runs already reads along with it.
 */
export class Stragglers {
  private readonly readers = new Map<FeedReader, number>();

  /** @param read makes a reader from a position on, which does not run yet */
  constructor(
    private readonly read: (after: bigint | null) => FeedReader,
    private readonly near = NEAR,
  ) {}

  /** A place just after a position (null: at the start of the log). */
  join(after: bigint | null): Place {
    for (const reader of this.readers.keys()) {
      const attachment = this.isNear(reader, after) ? reader.attach(after) : undefined;
      if (attachment) return this.placeAt(reader, attachment);
    }
    const reader = this.read(after);
    reader.start();
    const attachment = reader.attach(after);
    if (!attachment) throw new Error('a reader that just began does not know its own beginning');
    return this.placeAt(reader, attachment);
  }

  private placeAt(reader: FeedReader, attachment: Attachment): Place {
    this.readers.set(reader, (this.readers.get(reader) ?? 0) + 1);
    let left = false;
    return {
      attachment,
      leave: async () => {
        if (left) return;
        left = true;
        attachment.detach();
        const others = (this.readers.get(reader) ?? 1) - 1;
        if (others > 0) {
          this.readers.set(reader, others);
          return;
        }
        this.readers.delete(reader);
        await reader.stop();
      },
    };
  }

  private isNear(reader: FeedReader, after: bigint | null): boolean {
    return reader.covers(after) && (after === null || (reader.status().position ?? 0n) + this.near >= after);
  }
}
