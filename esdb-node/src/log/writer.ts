import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { RecordedEvent } from '../protocol/recorded.js';
import { TOMBSTONE, encodeRecorded } from '../protocol/recorded.js';
import type { NewRecord, Storage, StreamHead } from '../storage/storage.js';
import type { Seen, Target, Verdict } from './check.js';
import { check } from './check.js';
import type { Expected, ProposedEvent, WriteOutcome } from './expected.js';
import { Group } from './group.js';
import { Heads } from './heads.js';
import { SOFT_DELETE_JSON, isMetastream, metastreamOf, originalOf, withTruncateBefore } from './metadata.js';
import { RECORD_OVERHEAD } from './positions.js';
import { Targets } from './targets.js';

/** Event ids that appends with ANY are compared with. */
const SEEN_IDS = 100_000;
const EMPTY = Buffer.alloc(0);
/** A delete is a write that was never made before. */
const NO_SUCH_ID = [''];
const CLOSED: Verdict = { kind: 'deleted' };

export interface WriterOptions {
  readonly storage: Storage;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called with each group once it is durable. */
  readonly onDurable: (group: Group) => void;
}

/**
 * The one place where events come into the log. Writes are decided in the order in which they come, against everything
 * decided before; they are made durable in groups, and no answer, good or bad, is given before everything it rests on is durable.
 */
export class Writer {
  private readonly heads: Heads;
  private readonly targets: Targets;
  private readonly seen = new LRUCache<string, Seen>({ max: SEEN_IDS });
  private collecting = new Group();
  private committing: Group | undefined;
  private end: number;
  private nextStreamId: number;
  private scheduled = false;
  private broken: unknown;

  constructor(private readonly options: WriterOptions) {
    const { storage } = options;
    this.end = storage.end();
    this.nextStreamId = storage.nextStreamId();
    this.heads = new Heads(storage, () => (this.committing ? [this.collecting, this.committing] : [this.collecting]));
    this.targets = new Targets(this.heads);
  }

  append(stream: string, expected: Expected, events: readonly ProposedEvent[]): Promise<WriteOutcome> {
    if (this.broken !== undefined) return Promise.reject(this.failure());
    const target = this.targets.of(stream);
    const ids = events.map((event) => event.id);
    const verdict = this.targets.isClosedMetastream(target) ? CLOSED : this.verdict(target, expected, ids);
    if (verdict.kind !== 'write') return this.answer(this.outcomeOf(target, verdict));
    const first = target.head.lastRevision + 1;
    const last = events.length > 0 ? this.stage(stream, target.head, events, first) : this.filler(target.head);
    this.reviveAfter(target, first);
    return this.answer({ kind: 'written', revision: last.revision, position: last.position });
  }

  /** Hides all events of a stream; the next append brings the stream back, with its revisions going on. */
  softDelete(stream: string, expected: Expected): Promise<WriteOutcome> {
    if (this.broken !== undefined) return Promise.reject(this.failure());
    const target = this.targets.of(stream);
    const nothing = target.head.lastRevision < 0 && !target.hasMetadata;
    const verdict: Verdict = nothing
      ? { kind: 'wrongExpectedVersion', actual: -1 }
      : this.verdict(target, expected, NO_SUCH_ID);
    if (verdict.kind !== 'write') return this.answer(this.outcomeOf(target, verdict));
    const last = this.stageMetadata(stream, SOFT_DELETE_JSON);
    return this.answer({ kind: 'written', revision: -1, position: last.position });
  }

  /** Ends a stream for ever. */
  tombstone(stream: string, expected: Expected): Promise<WriteOutcome> {
    if (this.broken !== undefined) return Promise.reject(this.failure());
    const target = this.targets.of(stream);
    const verdict = this.verdict(target, expected, NO_SUCH_ID);
    if (verdict.kind !== 'write') return this.answer(this.outcomeOf(target, verdict));
    const event = {
      id: randomUUID(),
      type: '$streamDeleted',
      contentType: 'application/octet-stream',
      data: EMPTY,
      customMetadata: EMPTY,
    };
    const last = this.stage(stream, target.head, [event], TOMBSTONE);
    return this.answer({ kind: 'written', revision: TOMBSTONE, position: last.position });
  }

  /** Resolves when everything that was accepted so far is durable. */
  async settled(): Promise<void> {
    await this.pendingGroup()?.durable;
  }

  private verdict(target: Target, expected: Expected, ids: readonly string[]): Verdict {
    return check(target, expected, ids, this.heads, this.seen);
  }

  private outcomeOf(target: Target, verdict: Exclude<Verdict, { kind: 'write' }>): WriteOutcome {
    if (verdict.kind !== 'repeated') return verdict;
    const { stream, head } = target;
    const stored = this.targets.isHidden(stream, head, verdict.revision)
      ? undefined
      : this.heads.eventAt(head, verdict.revision);
    return { kind: 'written', revision: verdict.revision, position: stored?.position };
  }

  /** A write without events has a place in the log all the same. */
  private filler(head: StreamHead): { revision: number; position: number } {
    const position = this.end;
    this.end += RECORD_OVERHEAD;
    return { revision: head.lastRevision, position };
  }

  /** A write to a soft-deleted stream, or to its metadata, makes what is new in it visible again. */
  private reviveAfter({ stream, head, softDeleted }: Target, firstNew: number): void {
    if (softDeleted) return this.revive(stream, firstNew);
    if (isMetastream(stream) && this.targets.isSoftDelete(stream, head.lastRevision)) {
      const original = originalOf(stream);
      this.revive(original, this.heads.of(original).lastRevision + 1);
    }
  }

  private revive(stream: string, firstNew: number): void {
    const metadata = this.targets.metadataEvent(stream);
    if (metadata) this.stageMetadata(stream, withTruncateBefore(metadata.data, firstNew));
  }

  private stageMetadata(stream: string, json: string): NewRecord {
    const metastream = metastreamOf(stream);
    const head = this.heads.of(metastream);
    const event: ProposedEvent = {
      id: randomUUID(),
      type: '$metadata',
      contentType: 'application/json',
      data: Buffer.from(json),
      customMetadata: EMPTY,
    };
    return this.stage(metastream, head, [event], head.lastRevision + 1);
  }

  /** Puts events into the group that is being collected; returns the last of them. */
  private stage(stream: string, before: StreamHead, events: readonly ProposedEvent[], first: number): NewRecord {
    const streamId = before.id === 0 ? this.nextStreamId++ : before.id;
    const created = this.options.now();
    const records: NewRecord[] = [];
    for (const [k, event] of events.entries()) {
      const recorded: RecordedEvent = { ...event, stream, revision: first + k, position: this.end, created };
      const bytes = encodeRecorded(recorded);
      records.push({ streamId, revision: first + k, position: this.end, bytes });
      // where an id was seen first counts
      if (!this.seen.has(event.id)) this.seen.set(event.id, { stream, revision: first + k });
      this.end += bytes.length + RECORD_OVERHEAD;
    }
    const last = records.at(-1) as NewRecord;
    this.collecting.add(stream, { id: streamId, lastRevision: last.revision }, records);
    return last;
  }

  /** Gives an answer once everything that was decided before it is durable. */
  private async answer(outcome: WriteOutcome): Promise<WriteOutcome> {
    const group = this.pendingGroup();
    if (group) {
      this.schedule();
      await group.durable;
    }
    return outcome;
  }

  private pendingGroup(): Group | undefined {
    return this.collecting.records.length > 0 ? this.collecting : this.committing;
  }

  private schedule(): void {
    if (this.scheduled || this.committing || this.collecting.records.length === 0) return;
    this.scheduled = true;
    // at the end of the turn: writes that arrived together on several connections share one commit
    setImmediate(() => {
      this.scheduled = false;
      void this.commit();
    });
  }

  private async commit(): Promise<void> {
    if (this.committing) return;
    const group = this.collecting;
    this.collecting = new Group();
    this.committing = group;
    try {
      await this.options.storage.commit(group.toCommit(this.end, this.nextStreamId));
      this.heads.settle(group);
      this.committing = undefined;
      this.options.onDurable(group);
      group.done();
    } catch (cause) {
      // what comes after rests on what was lost: nothing more is accepted
      this.broken = cause;
      group.failed(this.failure());
      this.collecting.failed(this.failure());
      return;
    }
    this.schedule();
  }

  private failure(): Error {
    return new Error('the log cannot be written any more', { cause: this.broken });
  }
}
