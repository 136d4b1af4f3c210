import * as E from 'fp-ts/lib/Either.js';
import type { RecordedEvent } from '../../domain/events.js';
import { categoryOf } from '../../domain/kernel/streams.js';
import { advance, checkpoints, type Lease } from '../../subscriptions/checkpoints.js';
import { describeFault, LeaseLost, mayPass } from '../../subscriptions/faults.js';
import type { FeedItem } from '../../subscriptions/feed/feedItem.js';
import { type HeldBack, loadHeldBack, park, type ParkedItem } from '../../subscriptions/parked.js';
import type { Database, Queryable } from '../../subscriptions/ports/database.js';
import type { LogHistory } from '../../subscriptions/ports/logHistory.js';
import type { StreamReader } from '../../subscriptions/ports/streamReader.js';
import { pause } from '../../subscriptions/wait.js';
import { byStream, type Document } from '../documents/document.js';
import type { ReadModel } from '../documents/documentTable.js';
import { type Row, upsertRows } from '../documents/rows.js';
import { FoldedStreams } from './documents.js';
import { stretchOf } from './log.js';

export interface BuildOptions {
  readonly readModel: ReadModel;
  readonly database: Database;
  readonly history: LogHistory;
  readonly reader: StreamReader;
  /** Names this process in the lease. */
  readonly owner: string;
  /** Checkpoint and lease of the build. */
  readonly runner: string;
  /** Where its tables are. */
  readonly schema: string;
  /** Park what cannot be projected, instead of failing. */
  readonly park: boolean;
  /** Events a second at most; absent: as fast as it goes. */
  readonly rate?: number;
  readonly batchSize?: number;
  readonly progress?: (read: number, position: bigint, upTo: bigint) => void;
  readonly signal: AbortSignal;
}

/** An event cannot be projected, and the build is to fail then. */
export class BuildFailed extends Error {
  override readonly name = 'BuildFailed';
}

const LEASE_MS = 10_000;
const BATCH = 5_000;

/**
 * Fills the tables of a build, batch by batch, each one transaction with its checkpoint: a build that was killed goes on
 * from there. One process at a time, by the lease; a commit of an older owner fails.
 */
export class Build {
  private readonly streams: FoldedStreams;
  private heldBack: HeldBack | undefined;

  private constructor(
    private readonly options: BuildOptions,
    private readonly lease: Lease,
    private position: bigint | null,
  ) {
    this.streams = new FoldedStreams(options.reader);
  }

  /** Takes the build's lease; waits while somebody else who works on it, or was killed over it, still has it. */
  static async begin(options: BuildOptions): Promise<Build> {
    const marks = checkpoints(options.database);
    while (!options.signal.aborted) {
      const lease = await marks.acquire(options.runner, options.owner, LEASE_MS, false);
      if (lease) {
        const build = new Build(options, lease, lease.position);
        build.heldBack = await loadHeldBack(options.database, options.runner);
        return build;
      }
      await pause(500, options.signal);
    }
    throw new BuildFailed('interrupted');
  }

  get at(): bigint | null {
    return this.position;
  }

  /**
   * Projects everything up to a position; answers how many events of its kinds of streams it read.
   * @param until ends it too, beside the signal of the whole build
   * @throws BuildFailed, LeaseLost and faults of the systems
   */
  async advanceTo(upTo: bigint, until?: AbortSignal): Promise<number> {
    let read = 0;
    const { history, readModel, rate, batchSize = BATCH } = this.options;
    const signal = until ? AbortSignal.any([this.options.signal, until]) : this.options.signal;
    const categories = new Set(readModel.tables.map(({ category }) => category));
    const size = rate === undefined ? batchSize : Math.max(1, Math.min(batchSize, Math.ceil(rate / 4)));
    let due = performance.now();
    const after = this.position;
    for await (const { items, position } of stretchOf({ history, after, upTo, categories, batchSize: size, signal })) {
      if (signal.aborted) break;
      await this.settle(items, position);
      read += items.length;
      this.options.progress?.(items.length, position, upTo);
      if (rate !== undefined) {
        due = Math.max(due, performance.now() - 1_000) + (items.length / rate) * 1_000;
        await pause(Math.max(0, due - performance.now()), signal);
      }
    }
    if (signal.aborted) throw new BuildFailed('interrupted; the same command goes on from here');
    if (this.position === null || this.position < upTo) await this.commit([], [], upTo);
    return read;
  }

  /** Lets go of the lease. */
  async end(): Promise<void> {
    await checkpoints(this.options.database).release(this.lease, { position: this.position });
  }

  private async settle(items: readonly FeedItem[], upTo: bigint): Promise<void> {
    const { wants } = this.options.readModel;
    const parked: ParkedItem[] = [];
    const events: RecordedEvent[] = [];
    const held = new Set<string>();
    for (const item of items) {
      const { decoded, stream } = item;
      if (E.isRight(decoded) && !wants(decoded.right.event.type)) continue;
      if (held.has(stream) || this.heldBack?.has(stream, null)) {
        parked.push({ item, key: null, reason: 'comes after an event that is parked' });
      } else if (E.isRight(decoded)) {
        events.push(decoded.right);
      } else {
        this.poison(item, decoded.left.reason);
        held.add(stream);
        parked.push({ item, key: null, reason: decoded.left.reason });
      }
    }
    try {
      await this.commit(events, parked, upTo);
    } catch (error) {
      const ownFault = !(mayPass(error) || error instanceof LeaseLost || error instanceof BuildFailed);
      if (!ownFault || items.length === 0) throw error;
      const [only] = items;
      if (only && items.length === 1) {
        this.poison(only, describeFault(error));
        return await this.commit([], [{ item: only, key: null, reason: describeFault(error) }], upTo);
      }
      const middle = Math.ceil(items.length / 2);
      await this.settle(items.slice(0, middle), items[middle - 1]?.position ?? upTo);
      await this.settle(items.slice(middle), upTo);
    }
  }

  private poison({ stream, revision, position }: FeedItem, reason: string): void {
    if (this.options.park) return;
    throw new BuildFailed(`${stream}@${revision} at ${position} cannot be projected: ${reason}`);
  }

  private async commit(events: readonly RecordedEvent[], parked: readonly ParkedItem[], upTo: bigint): Promise<void> {
    const { database, readModel, schema, runner } = this.options;
    const documents = new Map<string, Document<unknown>>();
    for (const [stream, itsEvents] of byStream(events)) {
      const document = await this.streams.after(categoryOf(stream), stream, itsEvents);
      if (document) documents.set(stream, document);
    }
    await database.transaction(async (transaction) => {
      await transaction.query(`SET LOCAL search_path TO ${schema}, public`);
      // rows and checkpoint are lost or kept together, so none of them need be waited for
      await transaction.query('SET LOCAL synchronous_commit TO off');
      for (const { table, category, columns, rowOf } of readModel.tables) {
        const rows: Row[] = [];
        for (const [stream, document] of documents) {
          const row = categoryOf(stream) === category ? rowOf(stream, document) : undefined;
          if (row) rows.push(row);
        }
        await upsertRows(transaction, table, columns, rows);
      }
      await park(transaction, runner, parked);
      await advance(transaction, this.lease, { position: upTo });
      await prolong(transaction, this.lease);
    });
    this.streams.keep(documents);
    this.heldBack = this.heldBack?.and(parked);
    this.position = upTo;
  }
}

const prolong = (transaction: Queryable, { name, epoch }: Lease) =>
  transaction.query(
    `UPDATE checkpoints SET lease_until = now() + $3 * interval '1 millisecond' WHERE name = $1 AND epoch = $2`,
    [name, epoch, LEASE_MS],
  );
