import * as t from 'io-ts';
import {
  LineIdCodec,
  LocationIdCodec,
  OrderIdCodec,
  SkuCodec,
  TicketIdCodec,
  TicketItemIdCodec,
} from '../../domain/kernel/ids.js';
import { literals } from '../../domain/kernel/literals.js';

/** A kitchen ticket as messages carry it: what to make, no money, no customer. */
export const TicketBlock = t.intersection([
  t.type({
    ticketId: TicketIdCodec,
    orderId: OrderIdCodec,
    orderNumber: t.string,
    locationId: LocationIdCodec,
    mode: literals('pickup', 'dine_in', 'delivery', 'shipping', 'digital'),
    items: t.readonlyArray(
      t.intersection([
        t.type({
          itemId: TicketItemIdCodec,
          lineId: LineIdCodec,
          sku: SkuCodec,
          name: t.string,
          qty: t.number,
          options: t.readonlyArray(t.type({ name: t.string, choice: t.string })),
          station: t.string,
          /** Whole seconds from start to done. */
          prepSeconds: t.number,
        }),
        /** What is in it that some must not eat. */
        t.partial({ allergens: t.readonlyArray(t.string) }),
      ]),
    ),
    rush: t.boolean,
    /** RFC 3339, UTC, as are all times here. */
    openedAt: t.string,
  }),
  t.partial({ pickupNo: t.number, table: t.string, promisedAt: t.string }),
]);
export type TicketBlock = t.TypeOf<typeof TicketBlock>;

/** `kitchen.ticket_opened.v1`: the kitchen has the order. */
export const TicketOpenedV1 = t.type({ ticket: TicketBlock });
export type TicketOpenedV1 = t.TypeOf<typeof TicketOpenedV1>;

/** `kitchen.ticket_ready.v1`: every item is done. */
export const TicketReadyV1 = t.type({ ticket: TicketBlock, readyAt: t.string });
export type TicketReadyV1 = t.TypeOf<typeof TicketReadyV1>;

/** `kitchen.ticket_handed_over.v1`: whoever it is for has it. */
export const TicketHandedOverV1 = t.type({
  ticket: TicketBlock,
  to: literals('customer', 'courier', 'table'),
  handedOverAt: t.string,
});
export type TicketHandedOverV1 = t.TypeOf<typeof TicketHandedOverV1>;

/** `kitchen.item_voided.v1`: units of an item are not wanted any more; the ticket's items are what is left. */
export const ItemVoidedV1 = t.type({
  ticket: TicketBlock,
  itemId: TicketItemIdCodec,
  qty: t.number,
  reason: t.string,
  wasStarted: t.boolean,
});
export type ItemVoidedV1 = t.TypeOf<typeof ItemVoidedV1>;
