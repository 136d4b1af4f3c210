import { locationStream } from '../domain/kernel/streams.js';
import { businessDate, location } from '../domain/location/index.js';
import { countedOn } from '../domain/pickup/index.js';
import { type ExistingTicket, isCalledOut, pickupNoOf } from '../domain/ticket/index.js';
import { commandOutcome, type Outcome } from './engine/outcome.js';
import type { Related } from './engine/related.js';
import { type CommandStep, toPickupCounter, toTicket } from './engine/step.js';
import type { OrderDetails } from './orderLines.js';

/** A ticket that is to be called out by a number of this business day (`YYYY-MM-DD`) from now on. */
export interface ToNumber {
  readonly ticket: ExistingTicket;
  readonly businessDate: string;
}

/**
 * Whether a ticket, as it stands now, is promised for another business day than its number is of: on that day somebody else has
 * the number. One that may have been called out keeps it.
 * @param now RFC 3339, UTC
 */
export async function toNumber(
  ticket: ExistingTicket,
  order: Pick<OrderDetails, 'businessDate' | 'locationId'>,
  related: Pick<Related, 'known'>,
  now: string,
): Promise<ToNumber | undefined> {
  const { promisedAt, renumbered, details } = ticket;
  if (order.businessDate === undefined || promisedAt === undefined || pickupNoOf(ticket) === undefined)
    return undefined;
  const where = await related.known(location, locationStream(order.locationId));
  if (where.status === 'none' || isCalledOut(ticket)) return undefined;
  const day = businessDate(where.location, promisedAt);
  const numberedOn = renumbered?.businessDate ?? countedOn(order.businessDate, details.openedAt);
  // the counter of a day that is long over may be gone
  return day === numberedOn || countedOn(day, now) !== day ? undefined : { ticket, businessDate: day };
}

const NUMBER = 'number';

/** Asks for the number; a ticket that comes back to a day has the one that it had there. */
export const askNumber = (wanted: ToNumber | undefined): readonly CommandStep[] =>
  wanted === undefined
    ? []
    : [
        toPickupCounter(wanted.ticket.details.locationId, wanted.businessDate, NUMBER, {
          type: 'GivePickupNumber',
          ticketId: wanted.ticket.details.ticketId,
        }),
      ];

/** Tells the ticket. */
export function tellNumber(wanted: ToNumber | undefined, outcomes: readonly Outcome[]): readonly CommandStep[] {
  const given = commandOutcome(outcomes, NUMBER);
  if (wanted === undefined || given?.result !== 'accepted' || given.pickupNo === undefined) return [];
  if (commandOutcome(outcomes, RENUMBER) !== undefined) return [];
  const { businessDate: day, ticket } = wanted;
  const command = { type: 'Renumber', pickupNo: given.pickupNo, businessDate: day } as const;
  return [toTicket(ticket.details.ticketId, RENUMBER, command)];
}

const RENUMBER = 'renumber';
