import * as E from 'fp-ts/lib/Either.js';
import { AGGREGATES, type FoldableAggregate } from '../domain/aggregates.js';
import type { ReadModel } from '../projections/documents/documentTable.js';
import type { FeedItem } from '../subscriptions/feed/feedItem.js';
import type { Database, Queryable } from '../subscriptions/ports/database.js';
import { historyOf } from '../subscriptions/feed/history.js';
import type { EventFeed } from '../subscriptions/ports/eventFeed.js';
import type { LogHistory } from '../subscriptions/ports/logHistory.js';
import { type Check, type CheckRun, NOTHING } from './check.js';
import { CHECKS } from './checks/index.js';
import { Snapshots } from './database/snapshots.js';
import { readTables, type Tables } from './database/tables.js';
import type { Difference, Finding } from './difference.js';
import { AsOf } from './readModels/asOf.js';
import { compareTable } from './readModels/compareRows.js';
import { readLog } from './readLog.js';
import { Streams } from './streams.js';
import { World } from './world.js';

export interface VerifyOptions {
  readonly feed: EventFeed;
  /** How the log is read; default: by a subscription of the feed. */
  readonly history?: LogHistory;
  readonly database: Database;
  readonly readModels: readonly ReadModel[];
  /** Names of everything that acts on events: processes and publishers. */
  readonly reactors: readonly string[];
  /** For how long what travels outside the log may be on its way, in milliseconds; 0: the installation is at rest. */
  readonly graceMs: number;
  readonly aggregates?: readonly FoldableAggregate[];
  readonly checks?: readonly Check[];
  /** Ends the reading early; what `verify` answers then means nothing. */
  readonly signal?: AbortSignal;
  /** Hears where the log ends before it is read. */
  readonly starting?: (head: bigint | null) => void;
  /** Hears of every event. */
  readonly progress?: (position: bigint) => void;
}

export interface Verification {
  readonly differences: readonly Difference[];
  /** Position of the last event that was read; null: the log is empty. */
  readonly head: bigint | null;
  readonly events: number;
  /** Events in streams that no aggregate of this program writes; nothing is said about them. */
  readonly foreign: number;
  /** How long reading and folding took, in milliseconds. */
  readonly readMs: number;
  readonly streams: Readonly<Record<string, number>>;
  /** Compared rows of each table. */
  readonly rows: Readonly<Record<string, number>>;
  /** Checkpoint of each runner; null: it has handled nothing yet. */
  readonly runners: Readonly<Record<string, bigint | null>>;
}

const READ_MODELS = {
  name: 'read-models-equal-the-fold',
  rule: 'every row of every read model is what its stream amounts to, and none is missing',
};
const SNAPSHOTS = {
  name: 'snapshots-equal-the-fold',
  rule: 'every snapshot is what its stream amounted to at its revision',
};
/** What is compared beside the checks. */
export const COMPARISONS: readonly Pick<Check, 'name' | 'rule'>[] = [READ_MODELS, SNAPSHOTS];

/**
 * Reads the whole log once, folds every stream, and compares everything that was made of the log with it.
 *
 * It may run beside the installation: the tables are read as of one moment (one snapshot of the database), then the log is
 * read to its end as of a moment after that. Each read model is compared as of its own checkpoint, and what a runner has
 * not come to yet is a step under way. Waiting for the runners instead would never end in an installation that is stopped.
 *
 * @throws DatabaseUnavailable, StoreUnavailable and other faults of a system
 */
export async function verify(options: VerifyOptions): Promise<Verification> {
  return await options.database.transaction(async (transaction) => {
    await transaction.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    // between its statements this transaction waits for the log, as long as that takes
    await transaction.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    const tables = await readTables(transaction);
    const snapshots = await Snapshots.of(transaction);
    return await compare(options, transaction, tables, snapshots);
  });
}

async function compare(
  options: VerifyOptions,
  database: Queryable,
  tables: Tables,
  snapshots: Snapshots,
): Promise<Verification> {
  const { feed, readModels, reactors, graceMs, aggregates = AGGREGATES, checks = CHECKS } = options;
  const { history = historyOf(feed) } = options;
  const streams = new Streams(aggregates);
  const differences: Difference[] = [];
  const note = (check: string, findings: Iterable<Finding>): void => {
    if (findings !== NOTHING) for (const finding of findings) differences.push({ check, ...finding });
  };
  const runs = checks.map((check) => ({ name: check.name, ...check.begin() }));
  const views = readModels.flatMap(({ name, tables: documents }) =>
    documents.map((table) => ({
      runner: name,
      table,
      asOf: new AsOf(table.category, tables.runners.get(name)?.position ?? null),
    })),
  );
  const reader = new LogReader(
    streams,
    runs,
    views.map(({ asOf }) => asOf),
    snapshots,
    note,
  );

  const head = await feed.head();
  options.starting?.(head);
  const began = performance.now();
  if (head !== null) {
    await readLog(history, head, options.signal, (item) => {
      reader.take(item);
      options.progress?.(item.position);
    });
  }
  const readMs = performance.now() - began;

  const world = new World({ streams, tables, head, reactors, readModels: readModels.map(({ name }) => name), graceMs });
  for (const { name, end } of runs) if (end) note(name, end(world));
  const rows: Record<string, number> = {};
  for (const { runner, table, asOf } of views) {
    const parked = new Set(tables.parked.filter((one) => one.runner === runner).map(({ stream }) => stream));
    rows[table.table] = 0;
    const count = (): void => void (rows[table.table] = (rows[table.table] ?? 0) + 1);
    for await (const finding of compareTable(database, table, streams, asOf, parked, count)) {
      note(READ_MODELS.name, [finding]);
    }
  }
  for await (const finding of snapshots.differences()) note(SNAPSHOTS.name, [finding]);
  return {
    differences,
    head,
    events: reader.events,
    foreign: reader.foreign,
    readMs,
    streams: streams.counts(),
    rows,
    runners: Object.fromEntries(world.runners),
  };
}

/** The part of a check's run that looks at each event. */
type NamedRun<Part extends 'item' | 'change'> = { readonly name: string } & Required<Pick<CheckRun, Part>>;

/** Takes the log event by event. */
class LogReader {
  events = 0;
  foreign = 0;
  private readonly asOf: ReadonlyMap<string, readonly AsOf[]>;
  private readonly ofItems: readonly NamedRun<'item'>[];
  private readonly ofChanges: readonly NamedRun<'change'>[];

  constructor(
    private readonly streams: Streams,
    runs: readonly (CheckRun & { readonly name: string })[],
    asOf: readonly AsOf[],
    private readonly snapshots: Snapshots,
    private readonly note: (check: string, findings: Iterable<Finding>) => void,
  ) {
    this.ofItems = runs.flatMap(({ name, item }) => (item ? [{ name, item }] : []));
    this.ofChanges = runs.flatMap(({ name, change }) => (change ? [{ name, change }] : []));
    const byCategory = new Map<string, AsOf[]>();
    for (const one of asOf) byCategory.set(one.category, [...(byCategory.get(one.category) ?? []), one]);
    this.asOf = byCategory;
  }

  take(item: FeedItem): void {
    this.events += 1;
    const { stream, revision, position, createdAt, decoded } = item;
    const aggregate = this.streams.aggregateOf(stream);
    if (!aggregate) {
      this.foreign += 1;
      return;
    }
    const known = this.streams.get(stream);
    for (const { name, item: look } of this.ofItems) this.note(name, look(item, known?.revision ?? -1));
    const before = known ? known.state : aggregate.initial;
    let state = before;
    if (E.isRight(decoded)) {
      state = this.streams.after(aggregate, known, decoded.right);
      const changed = { recorded: decoded.right, before, after: state };
      for (const { name, change } of this.ofChanges) this.note(name, change(changed));
    }
    for (const asOf of this.asOf.get(aggregate.category) ?? []) asOf.beforeChange(stream, position, known);
    this.streams.move(stream, known, { state, revision, position, at: createdAt.getTime() });
    this.snapshots.folded(aggregate, stream, revision, state);
  }
}
