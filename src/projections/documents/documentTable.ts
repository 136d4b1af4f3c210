import type { ProjectionDefinition } from '../../subscriptions/contract.js';
import type { Document } from './document.js';
import type { Column, Row } from './rows.js';

/** A table with one row a stream, described well enough to tell from the log alone what it must hold. */
export interface DocumentTable {
  readonly table: string;
  /** Category of the streams that have rows in it. */
  readonly category: string;
  readonly columns: readonly Column[];
  /** The key of a stream's row. */
  readonly idOf: (stream: string) => string;
  /** The row of a stream whose folded state is given; undefined: it has none (yet). */
  readonly rowOf: (stream: string, document: Document<unknown>) => Row | undefined;
}

/** A projection whose tables can be compared with the log, row by row. */
export interface ReadModel extends ProjectionDefinition {
  readonly tables: readonly DocumentTable[];
}
