import type { Place } from './format.js';
import { lowerBound } from './lowerBound.js';
import type { StreamHead } from './storage.js';

const NOTHING: readonly Place[] = [];
const revisionOf = (place: Place): number => place.revision;

/**
 * The newest events of the log, which the index on the disk does not know yet: heads and places in memory. After a crash they are
 * read again from the log itself, so there are never many.
 */
export class Recent {
  readonly heads = new Map<string, StreamHead>();
  private readonly streams = new Map<number, Place[]>();
  private events = 0;

  /** How many events there are. */
  get size(): number {
    return this.events;
  }

  /** Adds an event behind those that its stream has here. */
  add(streamId: number, place: Place): void {
    const places = this.streams.get(streamId);
    if (places) places.push(place);
    else this.streams.set(streamId, [place]);
    this.events += 1;
  }

  /** The places of a stream's events, in the order of their revisions. */
  of(streamId: number): readonly Place[] {
    return this.streams.get(streamId) ?? NOTHING;
  }

  at(streamId: number, revision: number): Place | undefined {
    const places = this.of(streamId);
    const found = places[lowerBound(places, revision, revisionOf)];
    return found?.revision === revision ? found : undefined;
  }

  /** Up to `limit` places from a revision on, upwards. */
  forwards(streamId: number, from: number, limit: number): readonly Place[] {
    const places = this.of(streamId);
    const start = lowerBound(places, from, revisionOf);
    return places.slice(start, start + limit);
  }

  /** Up to `limit` places from a revision on, downwards. */
  backwards(streamId: number, from: number, limit: number): readonly Place[] {
    const places = this.of(streamId);
    const end = lowerBound(places, from + 1, revisionOf);
    return places.slice(Math.max(0, end - limit), end).reverse();
  }

  /** Every stream that has events here, by its number. */
  entries(): IterableIterator<[number, readonly Place[]]> {
    return this.streams.entries();
  }
}
