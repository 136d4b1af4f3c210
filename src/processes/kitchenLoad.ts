import { fireTime } from '../commands/ticket/fireTime.js';
import type { RecordedEvent } from '../domain/events.js';
import { locationStream, ticketStream } from '../domain/kernel/streams.js';
import { businessDate, type Location, location } from '../domain/location/index.js';
import { countedOn, quarterOf } from '../domain/pickup/index.js';
import { activeItems, type ExistingTicket, isOpened, remaining, ticket } from '../domain/ticket/index.js';
import { justBefore } from './engine/justBefore.js';
import { commandOutcome } from './engine/outcome.js';
import type { ProcessManager } from './engine/process.js';
import { type CommandStep, toPickupCounter } from './engine/step.js';
import { type OrderDetails, placedOrder } from './orderLines.js';

/** With the ticket as it stands by now; undefined: the ticket was cancelled before it was opened. */
type State =
  | {
      readonly ticket: ExistingTicket;
      /** As it stood just after the event, where that was looked for. */
      readonly then?: ExistingTicket;
      readonly order: OrderDetails;
      /** When it was promised for just before it. */
      readonly promisedBefore?: string | undefined;
      /** Undefined: there is none of that name any more. */
      readonly location?: Location | undefined;
    }
  | undefined;

const WANTED: ReadonlySet<string> = new Set([
  'TicketOpened',
  'TicketCancelled',
  'ItemVoided',
  'ItemsAdded',
  'TicketPromiseChanged',
]);

/**
 * Kitchen load: what is called off frees the quarter of an hour that it was to be made in, for others; what comes on top
 * takes it up; what is promised for another time takes up the quarter of that time, and its own no more. Each counter is told how
 * things stand, so that a repeat changes nothing. The quarter that is left is emptied after the new one was taken up: whoever is cut
 * off in between is counted twice for a moment, until this comes again, and never lost.
 */
export const kitchenLoad: ProcessManager<State> = {
  name: 'kitchen-load',
  wants: (type) => WANTED.has(type),
  key: (event) => event.stream,
  load: async ({ stream, revision, event }, folds, related) => {
    const then = await folds.at(ticket, stream, revision);
    if (!isOpened(then)) return undefined;
    const order = await placedOrder(then.details.orderId, stream, related);
    if (order.kitchenCapacity === undefined) return { ticket: then, order };
    const before = await justBefore(ticket, { stream, revision }, folds);
    const where = await related.known(location, locationStream(order.locationId));
    const state = {
      ticket: then,
      order,
      promisedBefore: isOpened(before) ? before.promisedAt : undefined,
      location: where.status === 'none' ? undefined : where.location,
    };
    if (event.type === 'TicketOpened' && isAtHome(state)) return state;
    // heard long after, it tells nothing that is so no more
    const now = await related.latest(ticket, ticketStream(then.details.ticketId));
    return isOpened(now) ? { ...state, ticket: now, then } : state;
  },
  react: (recorded, state) => {
    if (state === undefined || !isCounted(recorded, state.order)) return [];
    const { event } = recorded;
    if (event.type !== 'TicketPromiseChanged' && event.type !== 'TicketOpened') return changed(state);
    // what is opened for a time of its own day has its quarter since it has its number
    const isThere = event.type === 'TicketOpened' && isAtHome(state);
    return isThere || isBegun(state.then ?? state.ticket) ? [] : [place(recorded, state)];
  },
  settle: (_recorded, state, outcomes) => {
    const isPlaced = commandOutcome(outcomes, PLACE) !== undefined && commandOutcome(outcomes, REMOVE) === undefined;
    return state !== undefined && isPlaced ? left(state) : [];
  },
};

type Known = NonNullable<State>;

const PLACE = 'place';
const REMOVE = 'remove';

/** Whether anybody asks how much is to be made on the days that it is about: by a kitchen that can make only so much, and not long ago. */
const isCounted = ({ meta }: RecordedEvent, { businessDate: day, kitchenCapacity }: OrderDetails): boolean =>
  day !== undefined && kitchenCapacity !== undefined && countedOn(day, meta.at) === day;

/** Who has begun makes it now, whenever it is promised for. */
const isBegun = ({ status }: ExistingTicket): boolean => status !== 'scheduled' && status !== 'queued';

/** The day on whose counter a ticket is that is promised for then: the one that it has its number from where nobody said when. */
function dayOf({ order, location: where }: Known, promisedAt: string | undefined): string {
  const home = order.businessDate ?? '';
  return promisedAt === undefined || where === undefined ? home : businessDate(where, promisedAt);
}
const dayNow = (state: Known): string => dayOf(state, state.ticket.promisedAt);
const isAtHome = (state: Known): boolean => dayNow(state) === dayOf(state, undefined);

const units = ({ ticket: its }: Known): number => activeItems(its).reduce((sum, item) => sum + remaining(item), 0);

const toDay = (
  { ticket: { details } }: Known,
  day: string,
  name: string,
  command: Parameters<typeof toPickupCounter>[3],
): CommandStep => toPickupCounter(details.locationId, day, name, command);

/** How many units are left, on every day that may count them: one that does not is left alone. */
const changed = (state: Known): readonly CommandStep[] =>
  [...new Set([dayOf(state, undefined), dayNow(state)])].map((day) =>
    toDay(state, day, 'load', {
      type: 'ChangeKitchenLoad',
      ticketId: state.ticket.details.ticketId,
      units: units(state),
    }),
  );

/** The quarter in which it must be begun for the promise that holds now. */
function place({ meta }: RecordedEvent, state: Known): CommandStep {
  const { promisedAt, details } = state.ticket;
  const begins = promisedAt === undefined ? meta.at : fireTime(promisedAt, activeItems(state.ticket));
  return toDay(state, dayNow(state), PLACE, {
    type: 'PlaceKitchenLoad',
    ticketId: details.ticketId,
    quarter: quarterOf(begins > meta.at ? begins : meta.at),
    units: units(state),
  });
}

/** The days on which it may have been until now, and is no more. */
function left(state: Known): readonly CommandStep[] {
  const days = new Set([dayOf(state, undefined), dayOf(state, state.promisedBefore)]);
  days.delete(dayNow(state));
  return [...days].map((day) =>
    toDay(state, day, REMOVE, { type: 'RemoveKitchenLoad', ticketId: state.ticket.details.ticketId }),
  );
}
