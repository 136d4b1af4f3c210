import * as E from 'fp-ts/lib/Either.js';
import type { RecordedEvent } from '../../domain/events.js';
import { advance, type Mark } from '../checkpoints.js';
import type { ProjectionDefinition } from '../contract.js';
import { describeFault, LeaseLost, mayPass } from '../faults.js';
import type { Cursor } from '../feed/cursor.js';
import { concerns, type FeedItem } from '../feed/feedItem.js';
import { replayProjection } from '../parking/projectionReplay.js';
import { lookForWishes } from '../parking/look.js';
import { type Wishes, wishesOf } from '../parking/wishes.js';
import { type HeldBack, loadHeldBack, park, type ParkedItem } from '../parked.js';
import { type Database, DatabaseUnavailable } from '../ports/database.js';
import type { StreamReader } from '../ports/streamReader.js';
import { retrying } from '../retry.js';
import { Changes } from '../wait.js';
import { leading, type LeadershipOptions, type Term } from './leadership.js';
import type { Runner, RunnerStatus } from './runner.js';

export interface ProjectionRunnerOptions extends LeadershipOptions {
  readonly definition: ProjectionDefinition;
  readonly database: Database;
  /** Where parked events are read again. */
  readonly reader: StreamReader;
  /** Whether operators asked anything of the parked events of a runner. */
  readonly wishesWaiting: (runner: string) => Promise<boolean>;
  readonly openCursor: (after: bigint | null) => Cursor;
}

/** A batch sorted into what is projected and what is parked. */
interface Plan {
  readonly events: readonly RecordedEvent[];
  readonly parked: readonly ParkedItem[];
}

/** Feeds one projection: a batch is one transaction for its rows, its parked events and the checkpoint. */
export class ProjectionRunner implements Runner {
  readonly name: string;
  private position: bigint | null = null;
  private handledUpTo: Date | undefined;
  private term: Term | undefined;
  private cursor: Cursor | undefined;
  private heldBack: HeldBack | undefined;
  private readonly moved = new Changes();

  constructor(private readonly options: ProjectionRunnerOptions) {
    this.name = options.definition.name;
  }

  status(): RunnerStatus {
    return {
      name: this.name,
      kind: 'projection',
      state: this.term ? 'leading' : 'waiting',
      position: this.position,
      atEnd: this.cursor?.atEnd ?? false,
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

  private mark(): Mark {
    if (this.cursor?.atEnd && !this.busy) return { position: this.position, asOf: 'now' };
    return { position: this.position, ...(this.handledUpTo ? { asOf: this.handledUpTo } : {}) };
  }

  /** Whether events that were taken are not committed yet. */
  private busy = false;

  private async lead(term: Term): Promise<void> {
    this.position = term.lease.position;
    this.handledUpTo = undefined;
    const { timings, database, openCursor } = this.options;
    const cursor = openCursor(this.position);
    try {
      const heldBack = await this.retried(term, () => loadHeldBack(database, this.name));
      this.heldBack = heldBack;
      this.term = term;
      this.cursor = cursor;
      const wishes = wishesOf(this.name, database, this.options.reader);
      const asked = lookForWishes(
        {
          waiting: () => this.options.wishesWaiting(this.name),
          everyMs: timings.heartbeatMs,
          atOnce: !heldBack.isEmpty,
        },
        term.signal,
      );
      for (;;) {
        const items = await cursor.take(timings.batchSize, timings.batchMs, asked.signal());
        if (term.signal.aborted) return;
        if (items.length === 0) {
          await this.replay(term, wishes);
          asked.again();
          continue;
        }
        this.busy = true;
        await this.settle(term, items);
        this.busy = false;
      }
    } catch (error) {
      if (!term.signal.aborted || error instanceof LeaseLost) throw error;
    } finally {
      this.busy = false;
      this.term = undefined;
      this.cursor = undefined;
      await cursor.close();
    }
  }

  /** Nothing else is committed meanwhile, so what is held back afterwards is what the table says. */
  private async replay(term: Term, wishes: Wishes): Promise<void> {
    const { definition, database, timings, log } = this.options;
    await replayProjection({
      definition,
      database,
      wishes,
      lease: term.lease,
      batchSize: timings.batchSize,
      retried: (work) => this.retried(term, work),
      committed: (events) => this.announceCommit(events),
      failed: ({ stream, revision, position }, reason) =>
        log.error('a parked event failed again', { runner: this.name, stream, revision, position, reason }),
    });
    this.heldBack = await this.retried(term, () => loadHeldBack(database, this.name));
  }

  /** Commits a batch; one that cannot be projected is halved until the event at fault stands alone. */
  private async settle(term: Term, items: readonly FeedItem[]): Promise<void> {
    const plan = this.plan(items);
    try {
      await this.commit(term, plan, items);
    } catch (error) {
      if (term.signal.aborted || mayPass(error) || error instanceof LeaseLost || plan.events.length === 0) throw error;
      const [only, another] = plan.events;
      if (only && !another) return await this.parkOne(term, items, plan, only, error);
      const middle = Math.ceil(items.length / 2);
      await this.settle(term, items.slice(0, middle));
      await this.settle(term, items.slice(middle));
    }
  }

  private async parkOne(
    term: Term,
    items: readonly FeedItem[],
    plan: Plan,
    event: RecordedEvent,
    error: unknown,
  ): Promise<void> {
    const item = items.find(({ position }) => position === event.position);
    if (!item) throw error;
    const reason = describeFault(error);
    this.options.log.error('an event cannot be projected; its stream is held back', {
      runner: this.name,
      stream: event.stream,
      revision: event.revision,
      position: String(event.position),
      error,
    });
    await this.commit(term, { events: [], parked: [...plan.parked, { item, key: null, reason }] }, items);
  }

  private plan(items: readonly FeedItem[]): Plan {
    const { wants } = this.options.definition;
    const events: RecordedEvent[] = [];
    const parked: ParkedItem[] = [];
    const nowHeldBack = new Set<string>();
    for (const item of items) {
      if (!concerns(item, wants, true)) continue;
      const { decoded, stream } = item;
      if (nowHeldBack.has(stream) || this.heldBack?.has(stream, null)) {
        parked.push({ item, key: null, reason: 'comes after an event that is parked' });
      } else if (E.isRight(decoded)) {
        events.push(decoded.right);
      } else {
        nowHeldBack.add(stream);
        parked.push({ item, key: null, reason: decoded.left.reason });
        this.options.log.error('an event cannot be read; its stream is held back', {
          runner: this.name,
          stream,
          revision: item.revision,
          position: String(item.position),
          reason: decoded.left.reason,
        });
      }
    }
    return { events, parked };
  }

  private async commit(term: Term, { events, parked }: Plan, items: readonly FeedItem[]): Promise<void> {
    const { definition, database } = this.options;
    const last = items.at(-1);
    if (!last) return;
    if (events.length > 0 || parked.length > 0) {
      let uncertain = false;
      await this.retried(term, async () => {
        if (uncertain && (await this.isCommitted(last.position))) return;
        if (events.length > 0) await definition.prepare?.(events);
        await database
          .transaction(async (transaction) => {
            if (events.length > 0) await definition.project(events, transaction);
            await park(transaction, this.name, parked);
            await advance(transaction, term.lease, { position: last.position, asOf: last.createdAt });
          })
          .catch((error: unknown) => {
            uncertain ||= error instanceof DatabaseUnavailable && error.ambiguous;
            throw error;
          });
      });
      this.heldBack = this.heldBack?.and(parked);
    }
    this.position = last.position;
    this.handledUpTo = last.createdAt;
    if (events.length > 0) this.announceCommit(events);
    this.moved.announce();
  }

  /** After a connection that died during the commit: rows and checkpoint came together, so the checkpoint tells. */
  private async isCommitted(position: bigint): Promise<boolean> {
    const stored = await this.options.checkpoints.positionOf(this.name);
    return stored !== null && stored >= position;
  }

  private announceCommit(events: readonly RecordedEvent[]): void {
    try {
      this.options.definition.committed?.(events);
    } catch (error) {
      this.options.log.error('whoever wanted to know of a commit failed', { runner: this.name, error });
    }
  }

  private async retried<T>(term: Term, work: () => Promise<T>): Promise<T> {
    const { timings, log } = this.options;
    return await retrying(work, {
      firstDelayMs: timings.firstBatchRetryMs,
      maxDelayMs: timings.maxRetryMs,
      signal: term.signal,
      shouldRetry: mayPass,
      onRetry: (error, attempt) =>
        log.warn('a batch is tried again', { runner: this.name, attempt, reason: describeFault(error) }),
    });
  }
}
