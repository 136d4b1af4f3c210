import * as E from 'fp-ts/lib/Either.js';
import type { Executor } from '../../commands/executor/contract.js';
import { ticketIdOf, ticketItemIdOf } from '../../commands/identity.js';
import { fireTime, readyTime } from '../../commands/ticket/fireTime.js';
import type { Clock } from '../../commands/ports/clock.js';
import { orderStream, pickupCounterStream, ticketStream } from '../../domain/kernel/streams.js';
import { isMadeToOrder, order as orderAggregate, type OrderFacts } from '../../domain/order/index.js';
import { countedOn, type Pickup, pickupCounter, pickupOf } from '../../domain/pickup/index.js';
import { ticket, type TicketCommand, type TicketItem } from '../../domain/ticket/index.js';
import { RevisionNotThere } from '../../subscriptions/folds.js';
import type { OrderBlock } from '../contracts/index.js';
import type { ConsumeOptions } from '../ports/messageConsumer.js';
import { decodeMessage } from '../runtime/decodeMessage.js';
import { causeOf, type Issuer, issuerFor } from '../runtime/issuer.js';

export interface KitchenConsumerParts {
  readonly executor: Executor;
  readonly clock: Clock;
}

/** Where confirmed orders wait for their ticket. */
export const KITCHEN_QUEUE = { queue: 'kitchen.order-confirmed', bindings: ['order.confirmed.v1'] };

/** Where a line is made when its offer does not say. */
const DEFAULT_STATION = 'main';

/**
 * The kitchen consumer: a confirmed order that is made at the location becomes a ticket with every line that is still
 * wanted, under the next number of its business day, and later than it is wanted where the kitchen cannot make more by then.
 * Its ids are derived from the order, so a message that comes twice finds the ticket there, and before it the number.
 * What the customer noted is asked of the order itself: it may be about people, and so no message carries it.
 */
export function kitchenConsumer({ executor, clock }: KitchenConsumerParts): ConsumeOptions {
  const issuer = issuerFor('kitchen', 'system', executor, clock);
  return {
    ...KITCHEN_QUEUE,
    prefetch: 32,
    handle: async ({ message }) => {
      const { order: confirmed } = decodeMessage('order.confirmed.v1', message);
      if (!isMadeToOrder(confirmed.mode)) return;
      const { issue } = issuer(causeOf(message));
      const now = clock.now();
      const order = countedNow(confirmed, now);
      // its number is of a day that is long over, and it needs none of today
      if (order.businessDate !== confirmed.businessDate && (await hasTicket(executor, order))) return;
      const placed = await placedOrder(executor, order);
      const items = itemsOf(order, placed);
      const pickup = await pickupFor(order, items, now, issue);
      const command = openTicket(order, placed, items, now, pickup);
      const { ticketId, locationId } = command.ticket;
      const opened = await issue(ticket, ticketStream(ticketId), 'open', command);
      // a refusal (called off, or nothing left to make) is an answer: there is no ticket to open, and its time is for others
      if (E.isLeft(opened) && order.businessDate !== undefined) {
        const freed = { type: 'ChangeKitchenLoad', ticketId, units: 0 } as const;
        await issue(pickupCounter, pickupCounterStream(locationId, order.businessDate), 'free', freed);
      }
    },
  };
}

/** The order with the business day whose numbers it is called out by. */
const countedNow = (order: OrderBlock, now: string): OrderBlock =>
  order.businessDate === undefined ? order : { ...order, businessDate: countedOn(order.businessDate, now) };

async function hasTicket(executor: Executor, { id, locationId }: OrderBlock): Promise<boolean> {
  const { state } = await executor.load(ticket, ticketStream(ticketIdOf(id, locationId)), { fresh: true });
  return state.status !== 'none';
}

/** What the order's ticket is called out by, and when it is made; undefined for orders from before there was either. */
async function pickupFor(order: OrderBlock, items: readonly TicketItem[], now: string, issue: Issuer['issue']) {
  const { id, locationId, businessDate, kitchenCapacity } = order;
  if (businessDate === undefined) return undefined;
  const ticketId = ticketIdOf(id, locationId);
  const units = items.reduce((sum, { qty }) => sum + qty, 0);
  const answer = await issue(pickupCounter, pickupCounterStream(locationId, businessDate), 'number', {
    type: 'GivePickupNumber',
    ticketId,
    ...(kitchenCapacity === undefined
      ? {}
      : { load: { units, from: wantedFrom(order, items, now), capacity: kitchenCapacity } }),
  });
  return E.isRight(answer) ? pickupOf(answer.right.state, ticketId) : undefined;
}

/** When the cooks would begin, had they nothing else to do. */
const wantedFrom = ({ promisedAt }: OrderBlock, items: readonly TicketItem[], now: string): string =>
  promisedAt === undefined ? now : later(now, fireTime(promisedAt, items));

/** Both as UTC with milliseconds: then the texts stand in the order of the times. */
const later = (a: string, b: string): string => (a > b ? a : b);

type PlacedOrder = OrderFacts['details'];

/** The order as it was placed, which never changes: what is remembered of it will do. */
async function placedOrder(executor: Executor, { id }: OrderBlock): Promise<PlacedOrder> {
  const known = await executor.load(orderAggregate, orderStream(id));
  const { state } =
    known.state.status === 'none' ? await executor.load(orderAggregate, orderStream(id), { fresh: true }) : known;
  if (state.status === 'none') throw new RevisionNotThere(`${id} was confirmed, and the store that was read lacks it`);
  return state.details;
}

function itemsOf(order: OrderBlock, placed: PlacedOrder): readonly TicketItem[] {
  const notes = new Map(placed.lines.map(({ lineId, note }) => [lineId, note]));
  const ticketId = ticketIdOf(order.id, order.locationId);
  return order.lines
    .filter(({ qty, cancelled }) => qty > cancelled)
    .map(({ lineId, sku, name, qty, cancelled, options, station, prepSeconds, allergens }) => {
      const note = notes.get(lineId);
      return {
        itemId: ticketItemIdOf(ticketId, lineId),
        lineId,
        sku,
        name,
        qty: qty - cancelled,
        options: options.map(({ name: option, choice }) => ({ name: option, choice })),
        station: station ?? DEFAULT_STATION,
        prepSeconds: prepSeconds ?? 0,
        ...(allergens === undefined ? {} : { allergens }),
        ...(note === undefined ? {} : { note }),
      };
    });
}

type OpenTicket = Extract<TicketCommand, { type: 'OpenTicket' }>;

function openTicket(
  order: OrderBlock,
  { note }: PlacedOrder,
  items: readonly TicketItem[],
  openedAt: string,
  pickup: Pickup | undefined,
): OpenTicket {
  const { table } = order;
  return {
    type: 'OpenTicket',
    ticket: {
      ticketId: ticketIdOf(order.id, order.locationId),
      orderId: order.id,
      orderNumber: order.number,
      locationId: order.locationId,
      mode: order.mode,
      rush: false,
      openedAt,
      ...(pickup?.pickupNo === undefined ? {} : { pickupNo: pickup.pickupNo }),
      ...(table === undefined ? {} : { table }),
      ...(note === undefined ? {} : { note }),
      ...times(order, items, openedAt, pickup?.quarter),
      items,
    },
  };
}

/** When it is promised and comes to the cooks: as it is wanted, or, where they have too much to do by then, later. */
function times(order: OrderBlock, items: readonly TicketItem[], now: string, quarter: string | undefined) {
  const { promisedAt } = order;
  if (quarter !== undefined && quarter > wantedFrom(order, items, now)) {
    return { promisedAt: readyTime(quarter, items), fireAt: quarter };
  }
  return promisedAt === undefined ? {} : { promisedAt, fireAt: fireTime(promisedAt, items) };
}
