import * as E from 'fp-ts/lib/Either.js';
import type { OrderId } from '../../domain/kernel/ids.js';
import { notFound } from '../../domain/kernel/rejections.js';
import { orderStream, ticketStream } from '../../domain/kernel/streams.js';
import type { OrderingRejection } from '../../domain/location/index.js';
import { type By, type ExistingOrder, order } from '../../domain/order/index.js';
import { activeItems, type AlreadyStarted, isOpened, ticket } from '../../domain/ticket/index.js';
import type { CommandContext, Executor } from '../executor/contract.js';
import { ticketIdOf } from '../identity.js';
import type { Catalogue } from '../ports/catalogue.js';
import { whyNotThen } from './anotherTime.js';
import type { OrderOutcome } from './cancelOrder.js';
import type { KitchenFull } from './placeOrderRejection.js';

export interface ChangePromiseInput {
  /** RFC 3339, UTC, milliseconds. */
  readonly promisedAt: string;
  readonly by: By;
}

/**
 * An order that is fetched, or eaten there, is wanted at another time, which is asked for as that of a new order would be. Its
 * ticket is told, and is asked first: what somebody makes already is wanted when it was. Whoever begins in that very moment has it
 * for the new time.
 * @throws StoreUnavailable
 */
export async function changePromise(
  { executor, catalogue }: { readonly executor: Executor; readonly catalogue: Catalogue },
  id: OrderId,
  { promisedAt, by }: ChangePromiseInput,
  context: CommandContext,
): Promise<OrderOutcome<OrderingRejection | KitchenFull | AlreadyStarted>> {
  const { state } = await executor.load(order, orderStream(id), { fresh: true });
  if (state.status === 'none') return E.left(notFound('order', id));
  const wish = { type: 'ChangePromise', promisedAt, by } as const;
  // the time that it has already, it keeps
  if (promisedAt !== state.promisedAt) {
    const location = await catalogue.location(state.details.locationId);
    const refusal =
      (location && (await whyNotThen(executor, location, state, wish, context.at))) ??
      (await whyBegun(executor, state));
    if (refusal) return E.left(refusal);
  }
  return executor.execute(order, orderStream(id), wish, context);
}

/** What of the order somebody makes, or has made, of which the order may not have heard yet. */
async function whyBegun(executor: Executor, { details }: ExistingOrder): Promise<AlreadyStarted | undefined> {
  const stream = ticketStream(ticketIdOf(details.orderId, details.locationId));
  const { state } = await executor.load(ticket, stream, { fresh: true });
  const items = isOpened(state) ? activeItems(state).filter((item) => item.state !== 'queued') : [];
  return items.length === 0
    ? undefined
    : { _tag: 'AlreadyStarted', items: items.map(({ itemId, name }) => ({ itemId, name })) };
}
