import type { FeedItem } from './feedItem.js';

/** What an attachment reads from. */
export interface Readable {
  itemsFrom(number: number, max: number): readonly FeedItem[];
  nextNumber(): number;
  changed(signal?: AbortSignal, timeoutMs?: number): Promise<void>;
  detach(attachment: Attachment): void;
  status(): { readonly live: boolean };
}

/** One reader's place in a feed. */
export class Attachment {
  /** Running number of the next event to read. */
  number: number;
  private position: bigint | null;
  private attached = true;

  constructor(
    private readonly source: Readable,
    number: number,
    after: bigint | null,
  ) {
    this.number = number;
    this.position = after;
  }

  /** Whether the feed still waits for this reader; once it does not, events may be missing here. */
  get isAttached(): boolean {
    return this.attached;
  }

  detach(): void {
    this.attached = false;
    this.source.detach(this);
  }

  /** The next events, at most so many; none when there is nothing new. */
  take(max: number): readonly FeedItem[] {
    // what it had not read yet may have left the memory since
    if (!this.attached) return [];
    const items = this.source.itemsFrom(this.number, max);
    const last = items.at(-1);
    if (!last) return items;
    this.number += items.length;
    // a feed may stand behind its reader for a while, when another process had owned the runner
    const fresh = items.filter((item) => isAfter(item.position, this.position));
    if (isAfter(last.position, this.position)) this.position = last.position;
    return fresh;
  }

  get waiting(): number {
    return this.source.nextNumber() - this.number;
  }

  /** Nothing is left to read, and the feed itself is at the end of the log. */
  get atEnd(): boolean {
    return this.attached && this.waiting === 0 && this.source.status().live;
  }

  changed(signal?: AbortSignal, timeoutMs?: number): Promise<void> {
    return this.source.changed(signal, timeoutMs);
  }
}

/** Whether a position is later than another; everything is later than the start (null). */
export const isAfter = (position: bigint, other: bigint | null): boolean => other === null || position > other;
