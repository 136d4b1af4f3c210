import * as t from 'io-ts';
import { type EventOf, eventCodec } from '../kernel/eventCodec.js';
import { TicketIdCodec } from '../kernel/ids.js';

const definitions = {
  PickupNumberGiven: {
    v: 1,
    data: t.intersection([
      t.type({ ticketId: TicketIdCodec, pickupNo: t.number }),
      /** The quarter of an hour that it is made in (RFC 3339, its beginning), and how many units; absent: whenever. */
      t.partial({ quarter: t.string, units: t.number }),
    ]),
  },
  /** So many units of the ticket are still to be made: some were called off, or came on top. */
  KitchenLoadChanged: { v: 1, data: t.type({ ticketId: TicketIdCodec, units: t.number }) },
  /** The ticket is made in this quarter of an hour from now on, and in no other of this day. */
  KitchenLoadPlaced: { v: 1, data: t.type({ ticketId: TicketIdCodec, quarter: t.string, units: t.number }) },
  /** Nothing of the ticket is made on this day any more. */
  KitchenLoadRemoved: { v: 1, data: t.type({ ticketId: TicketIdCodec }) },
} as const;

/** Every event of a pickup counter. */
export type PickupEvent = EventOf<typeof definitions>;
export const pickupEvents = eventCodec(definitions);
