import { LRUCache } from 'lru-cache';
import type { RecordedEvent } from '../../domain/events.js';
import type { Aggregate, RejectionShape } from '../../domain/kernel/aggregate.js';
import type { DomainEventShape } from '../../domain/kernel/envelope.js';
import type { Folds } from '../../subscriptions/contract.js';
import type { Queryable } from '../../subscriptions/ports/database.js';
import { byStream, type Document, evolveDocument } from './document.js';
import type { DocumentTable } from './documentTable.js';
import { type Column, type Row, upsertRows } from './rows.js';

export interface FoldedDocumentsOptions<
  State,
  Command,
  Event extends DomainEventShape,
  Rejection extends RejectionShape,
  View,
> {
  readonly aggregate: Aggregate<State, Command, Event, Rejection>;
  readonly folds: Folds;
  readonly table: string;
  readonly idOf: (stream: string) => string;
  /** What clients see; undefined: no row (yet). */
  readonly represent: (state: State, revision: number) => View | undefined;
  /** Columns beside `id`, `revision` and `view`. */
  readonly columns: readonly Column[];
  readonly columnsOf: (view: View) => Row;
  /** How many states are kept in memory; default 20,000. */
  readonly maxStates?: number;
}

/** The three steps of a projection whose states live in memory. */
export interface FoldedDocuments {
  readonly table: DocumentTable;
  prepare(events: readonly RecordedEvent[]): Promise<void>;
  project(events: readonly RecordedEvent[], transaction: Queryable): Promise<void>;
  committed(events: readonly RecordedEvent[]): void;
}

const COMMON: readonly Column[] = [
  { name: 'id', type: 'text' },
  { name: 'revision', type: 'bigint' },
  { name: 'view', type: 'json' },
];

const READS_AT_ONCE = 16;

/**
 * Documents whose state grows with their stream (a stock item's reservations): it would be too much to write it with every
 * change, so it stays in memory and the row has the view alone. What memory does not have is folded from the stream.
 */
export function foldedDocuments<State, Command, Event extends DomainEventShape, Rejection extends RejectionShape, View>(
  options: FoldedDocumentsOptions<State, Command, Event, Rejection, View>,
): FoldedDocuments {
  const { aggregate, folds, table, idOf, represent, columnsOf, maxStates = 20_000 } = options;
  const columns = [...COMMON, ...options.columns];
  const states = new LRUCache<string, Document<State>>({ max: maxStates });
  // what the batch under way begins with, whatever the cache forgets meanwhile, and what it leads to
  let before = new Map<string, Document<State> | null>();
  let after = new Map<string, Document<State>>();

  const rowOf = (stream: string, { state, revision }: Document<State>): Row | undefined => {
    const view = represent(state, revision);
    if (view === undefined) return undefined;
    return { id: idOf(stream), revision, view: JSON.stringify(view), ...columnsOf(view) };
  };

  const begin = async (stream: string, first: RecordedEvent): Promise<Document<State> | null> => {
    if (first.revision === 0) return null;
    const known = states.get(stream);
    // a gap: another process had gone on with this projection for a while
    if (known && known.revision >= first.revision - 1) return known;
    return { revision: first.revision - 1, state: await folds.at(aggregate, stream, first.revision - 1) };
  };

  return {
    table: {
      table,
      category: aggregate.category,
      columns,
      idOf,
      rowOf: (stream, document) => rowOf(stream, document as Document<State>),
    },
    prepare: async (events) => {
      before = new Map();
      const streams = [...byStream(events)];
      for (let from = 0; from < streams.length; from += READS_AT_ONCE) {
        await Promise.all(
          streams.slice(from, from + READS_AT_ONCE).map(async ([stream, [first]]) => {
            if (first) before.set(stream, await begin(stream, first));
          }),
        );
      }
    },

    project: async (events, transaction) => {
      after = new Map();
      const rows: Row[] = [];
      for (const [stream, itsEvents] of byStream(events)) {
        const document = itsEvents.reduce<Document<State> | null>(
          (evolving, event) => evolveDocument(aggregate, evolving, event),
          before.get(stream) ?? null,
        );
        if (!document) continue;
        after.set(stream, document);
        const row = rowOf(stream, document);
        if (row) rows.push(row);
      }
      await upsertRows(transaction, table, columns, rows);
    },

    committed: () => {
      for (const [stream, document] of after) states.set(stream, document);
    },
  };
}
