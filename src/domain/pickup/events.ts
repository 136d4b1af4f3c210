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
} as const;

/** Every event of a pickup counter. */
export type PickupEvent = EventOf<typeof definitions>;
export const pickupEvents = eventCodec(definitions);
