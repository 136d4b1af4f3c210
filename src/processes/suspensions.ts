import type { Sku } from '../domain/kernel/ids.js';
import { type ExistingOffer, type Offer, suspensionAt } from '../domain/offer/index.js';
import type { ExistingOrder } from '../domain/order/index.js';
import type { UnpaidOrder } from './ports/unpaidOrders.js';

/** Whether an order goes without an article, which is asked for the time that it is wanted at; `now` is RFC 3339. */
export const isSuspendedFor = (
  { locationId, promisedAt }: Pick<UnpaidOrder, 'locationId' | 'promisedAt'>,
  suspended: Offer,
  now: string,
): boolean =>
  suspended.status !== 'none' &&
  suspensionAt(suspended, locationId, promisedAt === undefined || promisedAt < now ? now : promisedAt) !== undefined;

/**
 * Whether nobody need be asked what becomes of an order without an article: it is to be had, or the order was held for this very
 * suspension before, which has not ended since.
 * @param offerAt the offer just after a revision of its stream
 */
export async function toldOf(
  { details, promisedAt, soldOut = [] }: ExistingOrder,
  { sku, now, revision }: { readonly sku: Sku; readonly now: ExistingOffer; readonly revision: number },
  at: string,
  offerAt: (revision: number) => Promise<Offer>,
): Promise<boolean> {
  const { locationId } = details;
  const wish = { locationId, ...(promisedAt === undefined ? {} : { promisedAt }) };
  if (!isSuspendedFor(wish, now, at)) return true;
  const told = soldOut.findLast((one) => one.sku === sku);
  if (told === undefined) return false;
  for (let one = told.revision; one < revision; one += 1) {
    if (!isSuspendedFor(wish, await offerAt(one), at)) return false;
  }
  return true;
}
