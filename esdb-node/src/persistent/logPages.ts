import type { Reader } from '../log/reader.js';
import { namesOf } from '../protocol/recorded.js';
import type { StoredRecord } from '../storage/storage.js';

/** Events of the log that are looked at in one go. */
const SIZE = 256;
/** What groups write themselves is no reason to write a checkpoint: it would be the reason for the next one. */
const OWN = '$persistentsubscription-';

export interface LogEntry extends StoredRecord {
  /** What it counts for a checkpoint. */
  readonly weight: number;
}

export interface LogPage {
  readonly entries: readonly LogEntry[];
  readonly atEnd: boolean;
}

/** Pages of the log for groups that read it side by side: those that are level ask for the same page after each commit. */
export class LogPages {
  private last: (LogPage & { readonly from: number; readonly end: number }) | undefined;

  constructor(private readonly reader: Reader) {}

  read(from: number): LogPage {
    const end = this.reader.end();
    if (this.last?.from === from && this.last.end === end) return this.last;
    const entries = this.reader.all(from, SIZE, 'forwards').map(({ position, bytes }) => {
      const weight = namesOf(bytes).stream.startsWith(OWN) ? 0 : 1;
      return { position, bytes, weight };
    });
    this.last = { entries, atEnd: entries.length < SIZE, from, end };
    return this.last;
  }
}
