import { LRUCache } from 'lru-cache';
import { RECORD_OVERHEAD } from '../log/positions.js';
import type { RecordedEvent } from '../protocol/recorded.js';
import { TOMBSTONE, decodeRecorded, encodeRecorded } from '../protocol/recorded.js';
import { checksum } from '../storage/checksum.js';
import { META, checksumOf, headOf, nameKey, positionOf, revisionKey } from '../storage/format.js';
import type { Tables } from '../storage/tables.js';
import type { Report } from './report.js';
import { Problems } from './report.js';

/** Stream numbers that are kept by name while the log is read. */
const CACHED_NAMES = 100_000;
/** Gaps that are told one by one. */
const LISTED_GAPS = 20;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** The head of a stream number that no head names. */
const UNKNOWN = -2;

const words = (stream: string): string => JSON.stringify(stream);
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Reads a whole log and compares everything in it that says the same thing twice: events with their checksums, the index with
 * the events, heads with streams, revisions with their neighbours, positions with the lengths of events. Takes memory for each
 * stream (16 bytes), none for each event. What it cannot tell: events that are missing whole, with their entries, from a log in
 * which a scavenge has emptied tombstoned streams, up to as many as that took.
 */
export const checkLog = (tables: Tables): Report => new LogCheck(tables).run();

class LogCheck {
  private readonly problems = new Problems();
  private readonly ids = new LRUCache<string, number>({ max: CACHED_NAMES });
  private readonly streams: number;
  /** By stream number: the last revision that its head says, and the last that was found. */
  private readonly heads: Float64Array;
  private readonly found: Float64Array;
  private readonly gaps: string[] = [];
  private events = 0;
  private tombstones = 0;
  private missing = 0;
  /** Where the next event may lie at the earliest. */
  private free = 0;

  constructor(private readonly tables: Tables) {
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
    return { events: this.events, streams: this.streams, problems: listed, more };
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
    let position = 0;
    try {
      for (const { key, value } of this.tables.records.getRange({})) {
        position = positionOf(key);
        this.events += 1;
        this.checkEvent(position, value);
      }
    } catch (error) {
      this.problems.add(`the events behind position ${position} cannot be read: ${messageOf(error)}`);
    }
  }

  private checkEvent(position: number, bytes: Buffer): void {
    const wrong = (what: string): void => this.problems.add(`the event at position ${position} ${what}`);
    if (position < this.free) wrong('lies within the one before');
    this.free = position + bytes.length + RECORD_OVERHEAD;
    const event = decoded(bytes);
    if (!event) return wrong('cannot be decoded');
    if (event.position !== position) wrong(`says that it lies at ${event.position}`);
    if (!UUID.test(event.id)) wrong(`has no id, but ${words(event.id)}`);
    const id = this.idOf(event.stream);
    if (id === undefined) return wrong(`belongs to ${words(event.stream)}, a stream that has no head`);
    this.follow(id, event);
    const entry = this.tables.index.get(revisionKey(id, event.revision));
    if (!entry || positionOf(entry) !== position) {
      return wrong(`is not where the index has revision ${event.revision} of ${words(event.stream)}`);
    }
    const sum = checksumOf(entry);
    if (sum === undefined) wrong('has no checksum');
    else if (sum !== checksum(bytes)) wrong('does not have the bytes that were written');
  }

  /** Compares a revision with the one before it in its stream. */
  private follow(id: number, { stream, revision }: RecordedEvent): void {
    const before = this.found[id] as number;
    this.found[id] = revision;
    if (revision <= before) {
      this.problems.add(`revision ${revision} of ${words(stream)} comes after revision ${before}`);
    } else if (revision !== TOMBSTONE && revision > before + 1) {
      this.missing += revision - before - 1;
      if (this.gaps.length < LISTED_GAPS) {
        this.gaps.push(`revisions ${before + 1} to ${revision - 1} of ${words(stream)} are missing`);
      }
    }
  }

  /** Every event was found by its entry: what is left over has no event. */
  private compareIndex(): void {
    const entries = this.tables.index.getKeysCount();
    if (entries > this.events) this.problems.add(`the index has ${entries - this.events} entries without an event`);
  }

  private compareHeads(): void {
    for (let id = 1; id <= this.streams; id += 1) {
      const [head, found] = [this.heads[id] as number, this.found[id] as number];
      // of the metadata of a tombstoned stream a scavenge leaves nothing, of any other stream the last event
      if (head === UNKNOWN || head === found) continue;
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
