import { TOMBSTONE } from '../protocol/recorded.js';
import type { Place } from './format.js';
import { fits, placesOf, placesValue, revisionKey, streamIdOf } from './format.js';
import type { Recent } from './recent.js';
import type { Table } from './tables.js';

/** Places that one entry holds at most. */
const ENTRY_LIMIT = 256;

/** An entry of the index. */
interface Entry {
  readonly key: Buffer;
  readonly places: readonly Place[];
}

/**
 * Where the events of each stream lie, on the disk. It is written in runs, many events at once: the places of a stream's events
 * share entries, so that it costs few pages, and reads of a stream few entries.
 */
export class StreamIndex {
  constructor(private readonly table: Table) {}

  at(streamId: number, revision: number): Place | undefined {
    return this.entryAt(streamId, revision)?.places.find((place) => place.revision === revision);
  }

  /** The entry in which a revision stands, if it stands anywhere. */
  entryAt(streamId: number, revision: number): Entry | undefined {
    const start = revisionKey(streamId, revision);
    for (const { key, value } of this.table.getRange({ start, reverse: true, limit: 1 })) {
      if (streamIdOf(key) === streamId) return { key, places: placesOf(key, value) };
    }
    return undefined;
  }

  /** Up to `limit` places from a revision on, upwards. */
  forwards(streamId: number, from: number, limit: number): Place[] {
    const found: Place[] = [];
    const start = this.entryAt(streamId, from)?.key ?? revisionKey(streamId, from);
    const end = revisionKey(streamId + 1, 0);
    for (const { key, value } of this.table.getRange({ start, end })) {
      for (const place of placesOf(key, value)) {
        if (place.revision >= from) found.push(place);
        if (found.length === limit) return found;
      }
    }
    return found;
  }

  /** Up to `limit` places from a revision on, downwards. */
  backwards(streamId: number, from: number, limit: number): Place[] {
    const found: Place[] = [];
    const start = revisionKey(streamId, from);
    const end = revisionKey(streamId - 1, TOMBSTONE);
    for (const { key, value } of this.table.getRange({ start, end, reverse: true })) {
      for (const place of placesOf(key, value).reverse()) {
        if (place.revision <= from) found.push(place);
        if (found.length === limit) return found;
      }
    }
    return found;
  }

  /** Adds recent events; to be called within a batch. */
  write(recent: Recent): void {
    for (const [streamId, places] of recent.entries()) {
      let run: Place[] = [];
      for (const place of places) {
        const first = run[0]?.revision ?? place.revision;
        if (run.length === ENTRY_LIMIT || !fits(first, place)) {
          this.put(streamId, run);
          run = [];
        }
        run.push(place);
      }
      this.put(streamId, run);
    }
  }

  /** What is to be written so that some revisions of a stream are no longer there: entries with what is left in them. */
  without(streamId: number, revisions: ReadonlySet<number>): Entry[] {
    const changed = new Map<string, Entry>();
    for (const revision of revisions) {
      const entry = this.entryAt(streamId, revision);
      if (!entry || changed.has(entry.key.toString('hex'))) continue;
      const places = entry.places.filter((place) => !revisions.has(place.revision));
      changed.set(entry.key.toString('hex'), { key: entry.key, places });
    }
    return [...changed.values()];
  }

  /** Writes an entry anew; to be called within a batch. */
  replace({ key, places }: Entry): void {
    if (places.length === 0) void this.table.remove(key);
    else void this.table.put(key, placesValue(firstOf(key), places));
  }

  private put(streamId: number, run: readonly Place[]): void {
    const [first] = run;
    if (first) void this.table.put(revisionKey(streamId, first.revision), placesValue(first.revision, run));
  }
}

const firstOf = (key: Buffer): number => key.readUInt32BE(4) * 2 ** 32 + key.readUInt32BE(8);
