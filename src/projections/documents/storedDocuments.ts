import { LRUCache } from 'lru-cache';
import type { RecordedEvent } from '../../domain/events.js';
import type { DomainEventShape } from '../../domain/kernel/envelope.js';
import { UnprocessableEvent } from '../../subscriptions/faults.js';
import type { Queryable } from '../../subscriptions/ports/database.js';
import { byStream, type Document, evolveDocument, type Folding } from './document.js';
import type { DocumentTable } from './documentTable.js';
import { type Column, type Row, upsertRows } from './rows.js';

export interface StoredDocumentsOptions<State, Event extends DomainEventShape, View> {
  readonly folding: Folding<State, Event>;
  /** The state version that the table's rows hold; another one needs another table. */
  readonly stateVersion: number;
  readonly table: string;
  /** The row's key, from the stream's name. */
  readonly idOf: (stream: string) => string;
  /** What clients see; undefined where a stream does not amount to anything. */
  readonly represent: (state: State, revision: number) => View | undefined;
  /** Columns to filter and sort by, beside `id`, `revision`, `state` and `view`. */
  readonly columns: readonly Column[];
  readonly columnsOf: (view: View, state: State) => Row;
  /** How many states are kept in memory; default 5,000. */
  readonly maxStates?: number;
}

/** Writes the documents of one kind of stream. */
export interface Documents {
  readonly table: DocumentTable;
  project(events: readonly RecordedEvent[], transaction: Queryable): Promise<void>;
  /** What was projected last is stored: from here on it need not be read again. */
  committed(): void;
}

const COMMON: readonly Column[] = [
  { name: 'id', type: 'text' },
  { name: 'revision', type: 'bigint' },
  { name: 'state', type: 'json' },
  { name: 'view', type: 'json' },
];

/**
 * Documents that keep their folded state in their own row, for streams whose state stays small: a batch reads its rows
 * once, evolves them in memory and writes them once. A stream that begins in the batch has no row to read; and of one whose
 * last events were committed here, the state is remembered: what a stream amounts to at a revision never changes, so it is right
 * whatever others wrote meanwhile, and a row that stands further on stays as it is.
 */
export function storedDocuments<State, Event extends DomainEventShape, View>(
  options: StoredDocumentsOptions<State, Event, View>,
): Documents {
  const { folding, table, idOf, represent, columnsOf, maxStates = 5_000 } = options;
  if (folding.stateVersion !== options.stateVersion) {
    throw new Error(
      `${table} holds states of version ${options.stateVersion}, ${folding.category} is at ${folding.stateVersion}: it needs a new version of its table`,
    );
  }
  const columns = [...COMMON, ...options.columns];
  const states = new LRUCache<string, Document<State>>({ max: maxStates });
  let projected = new Map<string, Document<State>>();

  /** What an event begins with, as far as it need not be read; undefined: nobody knows here. */
  const remembered = (stream: string, first: number): Document<State> | null | undefined => {
    if (first === 0) return null;
    const known = states.get(stream);
    return known?.revision === first - 1 ? known : undefined;
  };

  const rowOf = (stream: string, { state, revision }: Document<State>): Row | undefined => {
    const view = represent(state, revision);
    if (view === undefined) return undefined;
    return {
      id: idOf(stream),
      revision,
      state: JSON.stringify(state),
      view: JSON.stringify(view),
      ...columnsOf(view, state),
    };
  };

  return {
    table: {
      table,
      category: folding.category,
      columns,
      idOf,
      rowOf: (stream, document) => rowOf(stream, document as Document<State>),
    },
    project: async (events, transaction) => {
      projected = new Map();
      const streams = byStream(events);
      const befores = new Map<string, Document<State> | null>();
      const unknown: string[] = [];
      for (const [stream, [first]] of streams) {
        const before = first && remembered(stream, first.revision);
        if (before === undefined) unknown.push(stream);
        else befores.set(stream, before);
      }
      const stored = await load<State>(transaction, table, unknown.map(idOf));
      for (const stream of unknown) befores.set(stream, stored.get(idOf(stream)) ?? null);
      const rows: Row[] = [];
      for (const [stream, itsEvents] of streams) {
        const before = befores.get(stream) ?? null;
        const after = itsEvents.reduce<Document<State> | null>(
          (document, event) => evolveDocument(folding, document, event),
          before,
        );
        if (!after || after.revision === before?.revision) continue;
        const row = rowOf(stream, after);
        if (!row) {
          throw new UnprocessableEvent(`${stream}@${after.revision} does not amount to a ${folding.category}`);
        }
        rows.push(row);
        projected.set(stream, after);
      }
      await upsertRows(transaction, table, columns, rows);
    },
    committed: () => {
      for (const [stream, document] of projected) states.set(stream, document);
    },
  };
}

async function load<State>(
  transaction: Queryable,
  table: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Document<State>>> {
  if (ids.length === 0) return new Map();
  const { rows } = await transaction.query<{ id: string; revision: number; state: State }>(
    `SELECT id, revision, state FROM ${table} WHERE id = ANY ($1)`,
    [ids],
  );
  return new Map(rows.map(({ id, revision, state }) => [id, { revision, state }]));
}
