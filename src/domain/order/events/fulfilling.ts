import * as t from 'io-ts';
import { LineIdCodec, TicketIdCodec } from '../../kernel/ids.js';
import { literals } from '../../kernel/literals.js';

/** An order is made, handed over and done. */
export const fulfillingEvents = {
  FulfilmentStarted: {
    v: 1,
    data: t.type({
      tickets: t.readonlyArray(
        t.intersection([t.type({ ticketId: TicketIdCodec }), t.partial({ pickupNo: t.number })]),
      ),
      shipLines: t.readonlyArray(LineIdCodec),
    }),
  },
  /** Its ticket is made for another business day, and called out by a number of that day. */
  PickupNumberChanged: { v: 1, data: t.type({ ticketId: TicketIdCodec, pickupNo: t.number }) },
  FulfilmentProgressed: { v: 1, data: t.type({ stage: literals('queued', 'preparing', 'ready', 'in_transit') }) },
  LinesFulfilled: {
    v: 1,
    data: t.type({
      /** Id of the ticket or shipment that handed the lines over. */
      by: t.string,
      lines: t.readonlyArray(t.type({ lineId: LineIdCodec, qty: t.number })),
      how: literals('handed_over', 'delivered', 'served', 'digital'),
    }),
  },
  OrderFulfilled: { v: 1, data: t.type({ at: t.string }) },
  OrderCompleted: { v: 1, data: t.type({ by: literals('customer', 'timer', 'staff') }) },
} as const;
