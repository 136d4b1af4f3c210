import { bulkhead, type BulkheadPolicy } from 'cockatiel';
import * as E from 'fp-ts/lib/Either.js';
import type { RecordedEvent } from '../../domain/events.js';
import type { Mark } from '../checkpoints.js';
import type { ReactorDefinition } from '../contract.js';
import { describeFault, mayPass, untilGivenUp, UnprocessableEvent } from '../faults.js';
import type { Cursor } from '../feed/cursor.js';
import { concerns, type FeedItem } from '../feed/feedItem.js';
import { lookForWishes } from '../parking/look.js';
import { replayReactor } from '../parking/reactorReplay.js';
import { wishesOf } from '../parking/wishes.js';
import type { ParkedItem } from '../parked.js';
import type { Database } from '../ports/database.js';
import type { StreamReader } from '../ports/streamReader.js';
import { retrying } from '../retry.js';
import { aborted, Changes, pause } from '../wait.js';
import { leading, type LeadershipOptions, type Term, TermOver } from './leadership.js';
import { Parks } from './parks.js';
import type { Runner, RunnerStatus } from './runner.js';
import { Watermark } from './watermark.js';

export interface ReactorRunnerOptions extends LeadershipOptions {
  readonly definition: ReactorDefinition;
  readonly database: Database;
  /** Where parked events are read again. */
  readonly reader: StreamReader;
  /** Whether operators asked anything of the parked events of a runner. */
  readonly wishesWaiting: (runner: string) => Promise<boolean>;
  readonly openCursor: (after: bigint | null) => Cursor;
}

/** Events that wait behind others of their key, beyond those in flight. */
const MAX_QUEUED = 1_024;
/** Events that are done but wait for an earlier one: a single key that fails for hours must not fill the memory. */
const MAX_REMEMBERED = 65_536;

/** Feeds one reactor: keys side by side, one key in order; the checkpoint is the end of the contiguous run of events done. */
export class ReactorRunner implements Runner {
  readonly name: string;
  private watermark = new Watermark(null);
  private handledUpTo: Date | undefined;
  private term: Term | undefined;
  private cursor: Cursor | undefined;
  private readonly slots: BulkheadPolicy;
  private readonly moved = new Changes();
  private readonly parks: Parks;

  constructor(private readonly options: ReactorRunnerOptions) {
    this.name = options.definition.name;
    this.parks = new Parks(options.database, this.name);
    this.slots = bulkhead(options.definition.maxInFlight, Number.POSITIVE_INFINITY);
  }

  status(): RunnerStatus {
    return {
      name: this.name,
      kind: 'reactor',
      state: this.term ? 'leading' : 'waiting',
      position: this.watermark.position,
      atEnd: this.atEnd(),
    };
  }

  progressed(signal: AbortSignal, timeoutMs: number): Promise<void> {
    return this.moved.next(signal, timeoutMs);
  }

  async run(signal: AbortSignal): Promise<void> {
    await leading(
      this.options,
      signal,
      () => this.mark(),
      (term) => this.lead(term),
    );
  }

  private atEnd(): boolean {
    return this.watermark.length === 0 && (this.cursor?.atEnd ?? false);
  }

  private mark(): Mark {
    const { position } = this.watermark;
    return this.atEnd()
      ? { position, asOf: 'now' }
      : { position, ...(this.handledUpTo ? { asOf: this.handledUpTo } : {}) };
  }

  private async lead(term: Term): Promise<void> {
    const watermark = new Watermark(term.lease.position);
    this.watermark = watermark;
    this.handledUpTo = undefined;
    const { openCursor, timings, definition } = this.options;
    const cursor = openCursor(term.lease.position);
    const tails = new Map<string, Promise<void>>();
    // a reaction that ends in anything but success ends the term
    const failed = new AbortController();
    const signal = AbortSignal.any([term.signal, failed.signal]);
    const limit = definition.maxInFlight + MAX_QUEUED;
    let replaying: Promise<void> = Promise.resolve();
    try {
      await this.retried(term.signal, () => this.parks.load());
      this.term = term;
      this.cursor = cursor;
      // whatever ends it but the end of the term is as bad as a reaction that cannot be handled
      replaying = this.replayWishes(term, signal).catch((error: unknown) => {
        if (!term.signal.aborted) failed.abort(error);
      });
      for (;;) {
        while (watermark.undone >= limit || watermark.length >= MAX_REMEMBERED) {
          if (signal.aborted) break;
          await this.moved.next(signal);
        }
        const items = await cursor.take(Math.min(timings.batchSize, limit - watermark.undone), 0, signal);
        if (items.length === 0) break;
        for (const item of items) this.dispatch(term, item, watermark, tails, failed);
        this.moved.announce();
      }
      if (failed.signal.aborted) throw failed.signal.reason;
    } finally {
      this.term = undefined;
      this.cursor = undefined;
      term.end();
      await Promise.race([Promise.allSettled([...tails.values(), replaying]), pause(timings.drainMs)]);
      await cursor.close();
    }
  }

  /** Looks at each heartbeat for what operators asked of parked events, and does it. */
  private async replayWishes(term: Term, signal: AbortSignal): Promise<void> {
    const { database, reader, timings, log, wishesWaiting } = this.options;
    const wishes = wishesOf(this.name, database, reader);
    const asked = lookForWishes(
      {
        waiting: () => wishesWaiting(this.name),
        everyMs: timings.heartbeatMs,
        atOnce: !this.parks.isEmpty,
      },
      signal,
    );
    while (!signal.aborted) {
      await aborted(asked.signal());
      if (signal.aborted) return;
      await replayReactor({
        database,
        wishes,
        lease: term.lease,
        signal,
        react: (event) => this.react(term, event, mayPass),
        retried: (work) => this.retried(signal, work),
        failed: ({ stream, revision, position }, reason) =>
          log.error('a parked event failed again', { runner: this.name, stream, revision, position, reason }),
        parking: () => this.parks.parking(),
        release: (begun) => this.parks.release(begun),
      });
      asked.again();
    }
  }

  private dispatch(
    term: Term,
    item: FeedItem,
    watermark: Watermark,
    tails: Map<string, Promise<void>>,
    failed: AbortController,
  ): void {
    const { wants, key: keyOf } = this.options.definition;
    const { position, stream } = item;
    if (!concerns(item, wants, false)) {
      watermark.pass(position);
      this.handledUpTo = watermark.length === 0 ? item.createdAt : this.handledUpTo;
      return;
    }
    const { decoded } = item;
    const key = E.isRight(decoded) ? keyOf(decoded.right) : stream;
    const done = watermark.begin(position);
    const work = (tails.get(key) ?? Promise.resolve())
      .then(() => this.handle(term, item, key))
      .then(() => {
        done();
        if (watermark.length === 0) this.handledUpTo = item.createdAt;
      })
      .catch((error: unknown) => {
        if (!(error instanceof TermOver)) failed.abort(error);
      })
      .finally(() => {
        if (tails.get(key) === work) tails.delete(key);
        this.moved.announce();
      });
    tails.set(key, work);
  }

  /** Resolves when the event is done or parked; rejects when the term is over. */
  private async handle(term: Term, item: FeedItem, key: string): Promise<void> {
    if (term.signal.aborted) throw new TermOver();
    if (this.parks.holdBack(item.stream, key)) {
      return await this.park(term, { item, key, reason: 'comes after an event that is parked' });
    }
    if (E.isLeft(item.decoded)) return await this.park(term, { item, key, reason: item.decoded.left.reason });
    try {
      await this.react(term, item.decoded.right);
    } catch (error) {
      if (term.signal.aborted) throw new TermOver();
      this.options.log.error('an event cannot be handled; its key is held back', {
        runner: this.name,
        key,
        stream: item.stream,
        revision: item.revision,
        position: String(item.position),
        error,
      });
      await this.park(term, { item, key, reason: describeFault(error) });
    }
  }

  private async react(
    term: Term,
    event: RecordedEvent,
    shouldRetry: (error: unknown) => boolean = untilGivenUp(this.options.timings.giveUpAfterMs),
  ): Promise<void> {
    const { definition } = this.options;
    // a slot is held for a try, not for the pauses between: an event that fails must not keep the others out
    const attempt = (): Promise<void> =>
      this.slots.execute(async () => {
        await term.holds();
        if (term.signal.aborted) throw new TermOver();
        await definition.react(event);
      });
    await this.retried(
      term.signal,
      attempt,
      (error) => !(error instanceof TermOver || error instanceof UnprocessableEvent) && shouldRetry(error),
    );
  }

  private async park(term: Term, parked: ParkedItem): Promise<void> {
    await this.parks.park(parked, term.lease, (work) => this.retried(term.signal, work));
  }

  private async retried<T>(
    signal: AbortSignal,
    work: () => Promise<T>,
    shouldRetry: (error: unknown) => boolean = mayPass,
  ): Promise<T> {
    const { timings, log } = this.options;
    return await retrying(work, {
      firstDelayMs: timings.firstRetryMs,
      maxDelayMs: timings.maxRetryMs,
      signal,
      shouldRetry,
      onRetry: (error, attempt) =>
        log.warn('a reaction is tried again', { runner: this.name, attempt, reason: describeFault(error) }),
    });
  }
}
