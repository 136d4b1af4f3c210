import * as E from 'fp-ts/lib/Either.js';
import type { Executor } from '../../commands/executor/contract.js';
import { ticketIdOf, ticketItemIdOf } from '../../commands/identity.js';
import { fireTime } from '../../commands/ticket/fireTime.js';
import type { Clock } from '../../commands/ports/clock.js';
import { pickupCounterStream, ticketStream } from '../../domain/kernel/streams.js';
import { isMadeToOrder } from '../../domain/order/index.js';
import { pickupCounter, pickupNumberOf } from '../../domain/pickup/index.js';
import { ticket, type TicketCommand } from '../../domain/ticket/index.js';
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
 * wanted, under the next number of its business day. Its ids are derived from the order, so a message that comes twice finds
 * the ticket there, and before it the number.
 */
export function kitchenConsumer({ executor, clock }: KitchenConsumerParts): ConsumeOptions {
  const issuer = issuerFor('kitchen', 'system', executor, clock);
  return {
    ...KITCHEN_QUEUE,
    prefetch: 32,
    handle: async ({ message }) => {
      const { order } = decodeMessage('order.confirmed.v1', message);
      if (!isMadeToOrder(order.mode)) return;
      const { issue } = issuer(causeOf(message));
      const pickupNo = await numberOf(order, issue);
      const command = openTicket(order, clock.now(), pickupNo);
      // a refusal (nothing left to make) is an answer: there is no ticket to open
      await issue(ticket, ticketStream(command.ticket.ticketId), 'open', command);
    },
  };
}

/** The number that is called out for the order; undefined for orders that were placed before there were any. */
async function numberOf({ id, locationId, businessDate }: OrderBlock, issue: Issuer['issue']) {
  if (businessDate === undefined) return undefined;
  const ticketId = ticketIdOf(id, locationId);
  const stream = pickupCounterStream(locationId, businessDate);
  const answer = await issue(pickupCounter, stream, 'number', { type: 'GivePickupNumber', ticketId });
  return E.isRight(answer) ? pickupNumberOf(answer.right.state, ticketId) : undefined;
}

type OpenTicket = Extract<TicketCommand, { type: 'OpenTicket' }>;

function openTicket(order: OrderBlock, openedAt: string, pickupNo: number | undefined): OpenTicket {
  const ticketId = ticketIdOf(order.id, order.locationId);
  const { promisedAt, table } = order;
  const items = order.lines
    .filter(({ qty, cancelled }) => qty > cancelled)
    .map(({ lineId, sku, name, qty, cancelled, options, station, prepSeconds }) => ({
      itemId: ticketItemIdOf(ticketId, lineId),
      lineId,
      sku,
      name,
      qty: qty - cancelled,
      options: options.map(({ name: option, choice }) => ({ name: option, choice })),
      station: station ?? DEFAULT_STATION,
      prepSeconds: prepSeconds ?? 0,
    }));
  return {
    type: 'OpenTicket',
    ticket: {
      ticketId,
      orderId: order.id,
      orderNumber: order.number,
      locationId: order.locationId,
      mode: order.mode,
      rush: false,
      openedAt,
      ...(pickupNo === undefined ? {} : { pickupNo }),
      ...(table === undefined ? {} : { table }),
      ...(promisedAt === undefined ? {} : { promisedAt, fireAt: fireTime(promisedAt, items) }),
      items,
    },
  };
}
