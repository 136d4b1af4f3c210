import type { OrderId } from '../domain/kernel/ids.js';
import { type Offer, offer, suspensionAt } from '../domain/offer/index.js';
import { offerStream } from '../domain/kernel/streams.js';
import { TryAgainLater } from './engine/faults.js';
import { justBefore } from './engine/justBefore.js';
import type { ProcessManager } from './engine/process.js';
import { type CommandStep, toOrder } from './engine/step.js';
import type { UnpaidOrder, UnpaidOrders } from './ports/unpaidOrders.js';
import { addMinutes } from './time.js';

interface State {
  /** What people call it. */
  readonly article: string;
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
 */
export const soldOut = (unpaid: UnpaidOrders): ProcessManager<State | undefined> => ({
  name: 'sold-out',
  wants: (type) => type === 'OfferSuspended',
  key: (event) => event.stream,
  load: async ({ event, stream, revision, position }, folds, related) => {
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
      article: now.details.name,
      orders: wanting
        .filter((one) => isSuspendedFor(one, now, at) && !isSuspendedFor(one, before, at))
        .map(({ orderId }) => orderId),
      decideBy: addMinutes(at, (await related.settings()).shortageDecisionMinutes),
    };
  },
  react: (_event, state) => (state === undefined ? [] : next(state, 0)),
  settle: (_event, state, outcomes) => (state === undefined ? [] : next(state, outcomes.length)),
});

/** Whether an order goes without it, which is asked for the time that it is wanted at. */
const isSuspendedFor = ({ locationId, promisedAt }: UnpaidOrder, suspended: Offer, now: string): boolean =>
  suspended.status !== 'none' &&
  suspensionAt(suspended, locationId, promisedAt === undefined || promisedAt < now ? now : promisedAt) !== undefined;

/** An order that was paid or ended meanwhile refuses, and is left alone. */
const next = ({ article, orders, decideBy }: State, from: number): readonly CommandStep[] =>
  orders.slice(from, from + AT_ONCE).map((orderId) =>
    toOrder(orderId, 'hold', {
      type: 'HoldOrder',
      kind: 'shortage',
      detail: `${article} is sold out`,
      decideBy,
      unpaidOnly: true,
    }),
  );
