import type { EventLog } from '../log/eventLog.js';
import type { StreamView } from '../log/reader.js';
import { TOMBSTONE } from '../protocol/recorded.js';
import type { Filter } from '../streams/filter.js';
import type { LogPages } from './logPages.js';
import type { Place } from './places.js';

/** What was found: an event for the group, or a run of events that are nothing to it. */
export interface Found {
  readonly wanted: boolean;
  /** In the log. */
  readonly position: number;
  readonly place: Place;
  /** What it counts for a checkpoint. */
  readonly weight: number;
}

export interface Batch {
  readonly found: readonly Found[];
  /** Nothing lies behind it yet. */
  readonly atEnd: boolean;
}

/** Reads what a group is about, from a place on. */
export interface Source {
  /** The stream whose appends are to be heeded; undefined for all of them. */
  readonly stream: string | undefined;
  /**
   * Up to `limit` wanted events. Live, nothing is hidden by metadata any more: a real server passes on what is written.
   * `unreadable`: a stream that is tombstoned, a position within an event.
   */
  read(limit: number, live: boolean): Batch | 'unreadable';
}

const NOTHING: Batch = { found: [], atEnd: true };

/** A stream from a revision on, inclusive. */
export class StreamSource implements Source {
  constructor(
    private readonly log: EventLog,
    readonly stream: string,
    private next: number,
  ) {}

  read(limit: number, live: boolean): Batch | 'unreadable' {
    const view = this.view(live);
    if (view.kind === 'tombstoned') return 'unreadable';
    if (view.kind !== 'there') {
      this.next = Math.max(this.next, this.log.reader.head(this.stream).lastRevision + 1);
      return NOTHING;
    }
    const { lastRevision } = view;
    if (this.next > lastRevision) return NOTHING;
    const page = this.log.reader.page(view, this.next, limit, 'forwards');
    // a page of events that are all too old holds nothing
    const behind = (page.at(-1)?.revision ?? Math.max(this.next, view.firstRevision) + limit - 1) + 1;
    // what is hidden now stays hidden, also when it is the rest of the stream
    this.next = Math.max(behind, view.firstRevision);
    return {
      found: page.map(({ position, revision }) => ({ wanted: true, position, place: revision, weight: 1 })),
      atEnd: this.next > lastRevision,
    };
  }

  private view(live: boolean): StreamView {
    if (!live) return this.log.reader.view(this.stream);
    const { id, lastRevision } = this.log.reader.head(this.stream);
    if (lastRevision < 0) return { kind: 'missing' };
    return { kind: 'there', id, lastRevision, firstRevision: 0, notBefore: undefined };
  }
}

/** The log from a position on, inclusive, filtered or not. */
export class AllSource implements Source {
  readonly stream = undefined;

  /** @param unreadable whether the position lies within an event */
  constructor(
    private readonly pages: LogPages,
    private next: number,
    private readonly filter: Filter | undefined,
    private readonly unreadable: boolean,
  ) {}

  read(limit: number): Batch | 'unreadable' {
    if (this.unreadable) return 'unreadable';
    const { entries, atEnd } = this.pages.read(this.next);
    const found: Found[] = [];
    let count = 0;
    for (const { position, bytes, weight } of entries) {
      if (count === limit) return { found, atEnd: false };
      const wanted = !this.filter || this.filter(bytes);
      found.push({ wanted, position, place: position, weight });
      if (wanted) count += 1;
      this.next = position + 1;
    }
    return { found, atEnd };
  }
}

/** Behind everything that there is of a stream now. */
export const endOfStream = (log: EventLog, stream: string): number => {
  const { lastRevision } = log.reader.head(stream);
  return lastRevision === TOMBSTONE ? TOMBSTONE : lastRevision + 1;
};
