import type { Either } from 'fp-ts/lib/Either.js';
import * as E from 'fp-ts/lib/Either.js';
import type { LocationId, Sku } from '../../domain/kernel/ids.js';
import { type NotFound, notFound } from '../../domain/kernel/rejections.js';
import { stockStream } from '../../domain/kernel/streams.js';
import {
  type Stock,
  stock,
  type StockCommand,
  type StockEvent,
  type StockRejection,
} from '../../domain/stock/index.js';
import type { CommandContext, Committed, Executor, ExecutorRejection } from '../executor/contract.js';
import type { Catalogue } from '../ports/catalogue.js';

export type StockOutcome = Either<StockRejection | ExecutorRejection | NotFound, Committed<Stock, StockEvent>>;

/** What is there, and what is promised of it. */
export type Shelf = Pick<
  Extract<StockCommand, { type: 'RegisterStock' }>,
  'onHand' | 'threshold' | 'safety' | 'backorderLimit' | 'unit'
>;

/**
 * Begins to keep stock of a sku at a location. The goods may be there before the offer is, the location may not. Stock
 * that is kept already is refused with `AlreadyExists`: a new count takes `countStock`.
 */
export async function registerStock(
  { executor, catalogue }: { readonly executor: Executor; readonly catalogue: Catalogue },
  sku: Sku,
  locationId: LocationId,
  shelf: Shelf,
  context: CommandContext,
): Promise<StockOutcome> {
  if (!(await catalogue.location(locationId))) return E.left(notFound('location', locationId));
  return executor.execute(
    stock,
    stockStream(sku, locationId),
    { type: 'RegisterStock', sku, locationId, ...shelf },
    { ...context, creates: true },
  );
}
