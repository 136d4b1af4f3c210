import { LRUCache } from 'lru-cache';
import { RECORD_OVERHEAD } from '../log/positions.js';
import type { RecordedEvent } from '../protocol/recorded.js';
import { TOMBSTONE, decodeRecorded, encodeRecorded } from '../protocol/recorded.js';
import type { Place } from '../storage/format.js';
import { META, headOf, isIntact, nameKey, placesOf, positionOf, unsealed } from '../storage/format.js';
import { StreamIndex } from '../storage/streamIndex.js';
import type { Tables } from '../storage/tables.js';
import type { Report } from './report.js';
import { Problems } from './report.js';

/** Stream numbers that are kept by name while the log is read. */
const CACHED_NAMES = 100_000;
/** Entries of the index that are kept while the log is read. */
const CACHED_ENTRIES = 10_000;
/** Gaps that are told one by one. */
const LISTED_GAPS = 20;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** The head of a stream number that no head names. */
const UNKNOWN = -2;

const words = (stream: string): string => JSON.stringify(stream);
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Reads a whole log and compares everything in it that says the same thing twice: events with their checksums, the index with the events, heads with streams, revisions with their neighbours, positions with the lengths of events. Takes memory for each
 * stream (16 bytes), none for each event. What it cannot tell: events that are missing whole, with their entries, from a log in
 * which a scavenge has emptied tombstoned streams, up to as many as that took.
 */
export const checkLog = (tables: Tables): Report => new LogCheck(tables).run();

class LogCheck {
  private readonly problems = new Problems();
  private readonly index: StreamIndex;
  private readonly ids = new LRUCache<string, number>({ max: CACHED_NAMES });
  /** By stream number: the entry of the index that was used last. */
  private readonly entries = new LRUCache<number, readonly Place[]>({ max: CACHED_ENTRIES });
  private readonly streams: number;
  /** By stream number: the last revision that its head says, and the last that was found as far as the index goes. */
  private readonly heads: Float64Array;
  private readonly found: Float64Array;
  /** The last revisions of the streams that have events behind what the index knows. */
  private readonly ahead = new Map<string, number>();
  private readonly gaps: string[] = [];
  private events = 0;
  private indexedEvents = 0;
  private newStreams = 0;
  private tombstones = 0;
  private missing = 0;
  /** Where the next event may lie at the earliest. */
  private free = 0;

  constructor(private readonly tables: Tables) {
    this.index = new StreamIndex(tables.index);
    this.streams = tables.heads.getKeysCount();
    this.heads = new Float64Array(this.streams + 1).fill(UNKNOWN);
    this.found = new Float64Array(this.streams + 1).fill(-1);
  }

  run(): Report {
    this.readHeads();
    this.readEvents();
    this.compareIndex();
    this.compareHeads();
    this.compareEnd();
    this.compareGaps();
    const { listed, more } = this.problems;
    return { events: this.events, streams: this.streams + this.newStreams, problems: listed, more };
  }

  private readHeads(): void {
    const next = this.number('nextStream');
    if (next !== this.streams + 1) {
      this.problems.add(`there are ${this.streams} streams, but the next one would get the number ${next}`);
    }
    for (const { value } of this.tables.heads.getRange({})) {
      const head = headOf(value);
      if (!head || head.id < 1 || head.id > this.streams || !(head.lastRevision >= 0)) {
        this.problems.add('a head is unreadable');
      } else if (this.heads[head.id] !== UNKNOWN) {
        this.problems.add(`two streams have the number ${head.id}`);
      } else {
        this.heads[head.id] = head.lastRevision;
        if (head.lastRevision === TOMBSTONE) this.tombstones += 1;
      }
    }
  }

  private readEvents(): void {
    const indexed = this.number('indexed');
    let position = 0;
    try {
      for (const { key, value } of this.tables.records.getRange({})) {
        position = positionOf(key);
        this.events += 1;
        const event = this.eventIn(position, value);
        if (position < indexed) this.indexedEvents += 1;
        if (event && position < indexed) this.compareWithIndex(event);
        else if (event) this.followAhead(event);
      }
    } catch (error) {
      this.problems.add(`the events behind position ${position} cannot be read: ${messageOf(error)}`);
    }
  }

  /** The event in a record, as far as it says anything. */
  private eventIn(position: number, value: Buffer): RecordedEvent | undefined {
    const bytes = unsealed(value);
    const wrong = (what: string): void => this.problems.add(`the event at position ${position} ${what}`);
    if (position < this.free) wrong('lies within the one before');
    this.free = position + bytes.length + RECORD_OVERHEAD;
    if (!isIntact(value)) wrong('does not have the bytes that were written');
    const event = decoded(bytes);
    if (!event) wrong('cannot be decoded');
    else if (event.position !== position) wrong(`says that it lies at ${event.position}`);
    else if (!UUID.test(event.id)) wrong(`has no id, but ${words(event.id)}`);
    return event;
  }

  private compareWithIndex({ stream, revision, position }: RecordedEvent): void {
    const wrong = (what: string): void => this.problems.add(`the event at position ${position} ${what}`);
    const id = this.idOf(stream);
    if (id === undefined) return wrong(`belongs to ${words(stream)}, a stream that has no head`);
    this.found[id] = this.follow(stream, this.found[id] as number, revision);
    if (this.placeOf(id, revision)?.position !== position) {
      wrong(`is not where the index has revision ${revision} of ${words(stream)}`);
    }
  }

  /** An event that the index need not know yet. */
  private followAhead({ stream, revision }: RecordedEvent): void {
    const id = this.idOf(stream);
    const last = this.ahead.get(stream) ?? (id === undefined ? -1 : this.found[id]) ?? -1;
    if (id === undefined && !this.ahead.has(stream)) this.newStreams += 1;
    this.ahead.set(stream, this.follow(stream, last, revision));
  }

  /** Compares a revision with the one before it in its stream, and returns it. */
  private follow(stream: string, before: number, revision: number): number {
    if (revision <= before) {
      this.problems.add(`revision ${revision} of ${words(stream)} comes after revision ${before}`);
    } else if (revision !== TOMBSTONE && revision > before + 1) {
      this.missing += revision - before - 1;
      if (this.gaps.length < LISTED_GAPS) {
        this.gaps.push(`revisions ${before + 1} to ${revision - 1} of ${words(stream)} are missing`);
      }
    }
    return revision;
  }

  /** Every event was looked up: what is left over in the index has no event. */
  private compareIndex(): void {
    let places = 0;
    for (const { key, value } of this.tables.index.getRange({})) places += placesOf(key, value).length;
    const lost = places - this.indexedEvents;
    if (lost > 0) this.problems.add(`the index knows ${lost} events that are not there`);
  }

  private compareHeads(): void {
    for (let id = 1; id <= this.streams; id += 1) {
      const [head, found] = [this.heads[id] as number, this.found[id] as number];
      if (head === UNKNOWN || head === found) continue;
      // of the metadata of a tombstoned stream a scavenge leaves nothing, of any other stream the last event
      if (found === -1 && head !== TOMBSTONE) this.missing += head + 1;
      else this.problems.add(`stream number ${id} ends with revision ${found}, but its head says ${head}`);
    }
  }

  private compareEnd(): void {
    const end = this.number('end');
    if (end < this.free) this.problems.add(`the log is said to end at ${end}, but its last event goes to ${this.free}`);
  }

  /** Revisions may only be missing where a scavenge took them; what it took of tombstoned streams cannot be told any more. */
  private compareGaps(): void {
    const erased = this.number('erased');
    if (this.missing === erased || (this.missing < erased && this.tombstones > 0)) return;
    this.problems.add(`${this.missing} events are missing, and scavenges have removed ${erased}`);
    for (const gap of this.gaps) this.problems.add(gap);
  }

  private placeOf(id: number, revision: number): Place | undefined {
    const isIt = (place: Place): boolean => place.revision === revision;
    const known = this.entries.get(id)?.find(isIt);
    if (known) return known;
    const places = this.index.entryAt(id, revision)?.places ?? [];
    this.entries.set(id, places);
    return places.find(isIt);
  }

  private idOf(stream: string): number | undefined {
    const known = this.ids.get(stream);
    if (known !== undefined) return known;
    const value = this.tables.heads.get(nameKey(stream));
    const id = value && headOf(value)?.id;
    if (id === undefined || id < 1 || id > this.streams) return undefined;
    this.ids.set(stream, id);
    return id;
  }

  private number(key: keyof typeof META): number {
    const value = this.tables.meta.get(META[key]);
    return value?.length === 8 ? positionOf(value) : 0;
  }
}

/** The event that some bytes say; undefined when it is not exactly these bytes that say it. */
const decoded = (bytes: Buffer): RecordedEvent | undefined => {
  try {
    const event = decodeRecorded(bytes);
    return encodeRecorded(event).equals(bytes) ? event : undefined;
  } catch {
    return undefined;
  }
};
