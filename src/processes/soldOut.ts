import type { RecordedEvent } from '../domain/events.js';
import type { OrderId, Sku } from '../domain/kernel/ids.js';
import { offerStream, orderStream } from '../domain/kernel/streams.js';
import { type Offer, offer } from '../domain/offer/index.js';
import { type ExistingOrder, openQty, order, type OrderCommand } from '../domain/order/index.js';
import type { Folds } from '../subscriptions/contract.js';
import { TryAgainLater } from './engine/faults.js';
import { justBefore } from './engine/justBefore.js';
import type { ProcessManager } from './engine/process.js';
import type { Related } from './engine/related.js';
import { type CommandStep, toOrder } from './engine/step.js';
import { orderIdIn } from './orderLines.js';
import type { UnpaidOrders } from './ports/unpaidOrders.js';
import { isSuspendedFor, toldOf } from './suspensions.js';
import { addMinutes } from './time.js';

interface State {
  /** What people call what is sold out. */
  readonly articles: readonly string[];
  readonly soldOut: NonNullable<Extract<OrderCommand, { type: 'HoldOrder' }>['soldOut']>;
  readonly orders: readonly OrderId[];
  /** RFC 3339. */
  readonly decideBy: string;
}

/** How many orders are held side by side. */
const AT_ONCE = 100;

/**
 * Sold out: an article is suspended that orders want which nobody has paid yet. They are held, so that nobody pays for what is not
 * there, and somebody decides on each: it goes on without the article, or with what was found after all, or not at all. Who wants
 * it for a time at which it is to be had again is left alone, and so is whoever the suspension before concerned already. What is
 * paid is the kitchen's: its ticket shows what is sold out, and the staff call it off.
 *
 * Which orders these are the order view says, as soon as it shows everything that came before the suspension. What is placed
 * later is refused by every catalogue that has heard of it; who is placed in that very moment is as one who had just paid.
 *
 * What is held for another reason when that happens is held for this one once the other is decided on, unless it was paid meanwhile.
 */
export const soldOut = (unpaid: UnpaidOrders): ProcessManager<State | undefined> => ({
  name: 'sold-out',
  wants: (type) => type === 'OfferSuspended' || type === 'OrderHoldResolved',
  key: (event) => event.stream,
  load: (recorded, folds, related) =>
    recorded.event.type === 'OrderHoldResolved'
      ? afterAnotherHold(recorded, folds, related)
      : suspended(recorded, unpaid, folds, related),
  react: (_event, state) => (state === undefined ? [] : next(state, 0)),
  settle: (_event, state, outcomes) => (state === undefined ? [] : next(state, outcomes.length)),
});

async function suspended(
  { event, stream, revision, position }: RecordedEvent,
  unpaid: UnpaidOrders,
  folds: Folds,
  related: Related,
): Promise<State | undefined> {
  if (event.type !== 'OfferSuspended') return undefined;
  const before = await justBefore(offer, { stream, revision }, folds);
  if (before.status === 'none') return undefined;
  const now = await related.latest(offer, offerStream(before.sku));
  if (now.status === 'none' || now.suspensions === undefined) return undefined;
  if (!(await unpaid.shows(position))) {
    throw new TryAgainLater(`the order view does not show yet what was ordered before ${stream} was suspended`);
  }
  const at = related.now();
  const wanting = await unpaid.withArticle(now.sku, event.data.locationId);
  return {
    articles: [now.details.name],
    soldOut: [{ sku: now.sku, revision }],
    orders: wanting
      .filter((one) => isSuspendedFor(one, now, at) && !isSuspendedFor(one, before, at))
      .map(({ orderId }) => orderId),
    decideBy: await decideBy(at, related),
  };
}

/** What was suspended while somebody held the order, or just before, and was nobody's to decide on then. */
async function afterAnotherHold(recorded: RecordedEvent, folds: Folds, related: Related): Promise<State | undefined> {
  const orderId = orderIdIn(recorded);
  const its = await related.latest(order, orderStream(orderId));
  if (its.status !== 'placed' && its.status !== 'awaiting_payment') return undefined;
  const at = related.now();
  const gone = (await Promise.all(wanted(its).map((sku) => goneOf(sku, its, at, folds)))).flat();
  if (gone.length === 0) return undefined;
  return {
    articles: gone.map(({ name }) => name),
    soldOut: gone.map(({ sku, revision }) => ({ sku, revision })),
    orders: [orderId],
    decideBy: await decideBy(at, related),
  };
}

/** An article that the order wants, where it is suspended and nobody was asked about that. */
async function goneOf(
  sku: Sku,
  its: ExistingOrder,
  at: string,
  folds: Folds,
): Promise<readonly { readonly sku: Sku; readonly revision: number; readonly name: string }[]> {
  const { state: now, revision } = await folds.latest(offer, offerStream(sku));
  const offerAt = (at: number): Promise<Offer> => folds.at(offer, offerStream(sku), at);
  if (now.status === 'none' || (await toldOf(its, { sku, now, revision }, at, offerAt))) return [];
  return [{ sku, revision, name: now.details.name }];
}

const wanted = ({ lines }: ExistingOrder): readonly Sku[] => [
  ...new Set(lines.filter((line) => openQty(line) > 0).map(({ sku }) => sku)),
];

const decideBy = async (at: string, related: Related): Promise<string> =>
  addMinutes(at, (await related.settings()).shortageDecisionMinutes);

/** An order that was paid or ended meanwhile refuses, and is left alone. */
const next = ({ articles, soldOut, orders, decideBy }: State, from: number): readonly CommandStep[] =>
  orders.slice(from, from + AT_ONCE).map((orderId) =>
    toOrder(orderId, 'hold', {
      type: 'HoldOrder',
      kind: 'shortage',
      detail: `${articles.join(', ')} ${articles.length > 1 ? 'are' : 'is'} sold out`,
      decideBy,
      soldOut,
      unpaidOnly: true,
    }),
  );
