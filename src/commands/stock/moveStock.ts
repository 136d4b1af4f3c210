import * as E from 'fp-ts/lib/Either.js';
import type { LocationId, Sku } from '../../domain/kernel/ids.js';
import type { Money } from '../../domain/kernel/money.js';
import { notFound } from '../../domain/kernel/rejections.js';
import { stockStream } from '../../domain/kernel/streams.js';
import { stock } from '../../domain/stock/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import { movementIdOf } from '../identity.js';
import type { StockOutcome } from './registerStock.js';

/** One sku at one location. */
export interface StockPlace {
  readonly sku: Sku;
  readonly locationId: LocationId;
}

/** Goods came in. The same key of the same person is the same receipt. */
export function receiveStock(
  executor: Executor,
  { sku, locationId }: StockPlace,
  receipt: { readonly qty: number; readonly ref: string; readonly cost?: Money; readonly idempotencyKey: string },
  context: CommandContext,
): Promise<StockOutcome> {
  const { idempotencyKey, ...said } = receipt;
  const stream = stockStream(sku, locationId);
  const receiptId = movementIdOf(stream, context.actor.id, idempotencyKey);
  return executor.execute(stock, stream, { type: 'ReceiveStock', receiptId, ...said }, context);
}

/**
 * Sends units to another location, which must keep stock of them too; the transfer process has it take them in. The same key
 * of the same person is the same transfer.
 */
export async function transferStock(
  executor: Executor,
  { sku, locationId }: StockPlace,
  { to, qty, idempotencyKey }: { readonly to: LocationId; readonly qty: number; readonly idempotencyKey: string },
  context: CommandContext,
): Promise<StockOutcome> {
  const there = await executor.load(stock, stockStream(sku, to));
  const known =
    there.state.status === 'none' ? await executor.load(stock, stockStream(sku, to), { fresh: true }) : there;
  if (known.state.status === 'none') return E.left(notFound('stock', `${sku} at ${to}`));
  const stream = stockStream(sku, locationId);
  const transferId = movementIdOf(stream, context.actor.id, idempotencyKey);
  return executor.execute(stock, stream, { type: 'SendTransfer', transferId, to, qty }, context);
}
