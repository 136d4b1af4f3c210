import * as t from 'io-ts';
import { type EventOf, eventCodec } from '../kernel/eventCodec.js';
import { TicketIdCodec } from '../kernel/ids.js';

const definitions = {
  PickupNumberGiven: { v: 1, data: t.type({ ticketId: TicketIdCodec, pickupNo: t.number }) },
} as const;

/** Every event of a pickup counter. */
export type PickupEvent = EventOf<typeof definitions>;
export const pickupEvents = eventCodec(definitions);
