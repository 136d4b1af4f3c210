import { representStock, stock, type StockView } from '../../domain/stock/index.js';
import type { Folds } from '../../subscriptions/contract.js';
import { typesOf } from '../documents/document.js';
import type { ReadModel } from '../documents/documentTable.js';
import { foldedDocuments } from '../documents/foldedDocuments.js';
import { STOCK_LEVEL } from './schema.js';

export interface StockProjectionOptions {
  readonly folds: Folds;
  /** How many items' states are kept in memory; default as {@link foldedDocuments} has it. */
  readonly maxStates?: number;
}

/** The stock level of every item: one sku at one location. */
export function stockProjection({ folds, maxStates }: StockProjectionOptions): ReadModel {
  const documents = foldedDocuments({
    aggregate: stock,
    folds,
    table: STOCK_LEVEL,
    idOf: (stream) => stream,
    represent: (state, revision): StockView | undefined => representStock(state, revision),
    columns: [
      { name: 'sku', type: 'text' },
      { name: 'location_id', type: 'text' },
      { name: 'available', type: 'bigint' },
    ],
    ...(maxStates === undefined ? {} : { maxStates }),
    columnsOf: ({ sku, locationId, available }) => ({ sku, location_id: locationId, available }),
  });
  return {
    name: STOCK_LEVEL,
    tables: [documents.table],
    wants: typesOf(stock),
    prepare: (events) => documents.prepare(events),
    project: (events, transaction) => documents.project(events, transaction),
    committed: (events) => documents.committed(events),
  };
}
