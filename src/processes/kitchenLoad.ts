import { activeItems, type ExistingTicket, isOpened, remaining, ticket } from '../domain/ticket/index.js';
import { countedOn } from '../domain/pickup/index.js';
import { nothingMore, type ProcessManager } from './engine/process.js';
import { toPickupCounter } from './engine/step.js';
import { type OrderDetails, placedOrder, ticketIdIn } from './orderLines.js';

/** As they stood just after the event; undefined: the ticket was cancelled before it was opened. */
type State = { readonly ticket: ExistingTicket; readonly order: OrderDetails } | undefined;

const WANTED: ReadonlySet<string> = new Set(['TicketCancelled', 'ItemVoided', 'ItemsAdded']);

/**
 * Kitchen load: what is called off frees the quarter of an hour that it was to be made in, for others; what comes on top
 * takes it up. The counter is told how many units are left, so that a repeat changes nothing.
 */
export const kitchenLoad: ProcessManager<State> = {
  name: 'kitchen-load',
  wants: (type) => WANTED.has(type),
  key: (event) => event.stream,
  load: async ({ stream, revision }, folds, related) => {
    const state = await folds.at(ticket, stream, revision);
    if (!isOpened(state)) return undefined;
    return { ticket: state, order: await placedOrder(state.details.orderId, stream, related) };
  },
  react: (recorded, state) => {
    if (state === undefined) return [];
    const { businessDate, kitchenCapacity } = state.order;
    if (businessDate === undefined || kitchenCapacity === undefined) return [];
    // nobody asks any more how much was to be made then
    if (countedOn(businessDate, recorded.meta.at) !== businessDate) return [];
    const units = activeItems(state.ticket).reduce((sum, item) => sum + remaining(item), 0);
    return [
      toPickupCounter(state.ticket.details.locationId, businessDate, 'load', {
        type: 'ChangeKitchenLoad',
        ticketId: ticketIdIn(recorded),
        units,
      }),
    ];
  },
  settle: nothingMore,
};
