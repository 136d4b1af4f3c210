import * as t from 'io-ts';
import { type EventOf, eventCodec } from '../kernel/eventCodec.js';
import {
  LineIdCodec,
  LocationIdCodec,
  NoteIdCodec,
  OrderIdCodec,
  SkuCodec,
  TicketIdCodec,
  TicketItemIdCodec,
} from '../kernel/ids.js';
import { SealedCodec } from '../kernel/sealed.js';
import { OrderModeCodec } from '../order/events.js';

const TicketItemCodec = t.intersection([
  t.type({
    itemId: TicketItemIdCodec,
    lineId: LineIdCodec,
    sku: SkuCodec,
    name: t.string,
    qty: t.number,
    options: t.readonlyArray(t.type({ name: t.string, choice: t.string })),
    station: t.string,
    prepSeconds: t.number,
  }),
  t.partial({
    /** What is in it that some must not eat. */
    allergens: t.readonlyArray(t.string),
    /** What the customer wants its cook to know; sealed. */
    note: SealedCodec,
  }),
]);
/** One dish or article to make ready, as the kitchen sees it: no money. */
export type TicketItem = t.TypeOf<typeof TicketItemCodec>;

const RecipientCodec = t.keyof({ customer: null, courier: null, table: null });
export type Recipient = t.TypeOf<typeof RecipientCodec>;

const definitions = {
  TicketOpened: {
    v: 1,
    data: t.intersection([
      t.type({
        ticketId: TicketIdCodec,
        orderId: OrderIdCodec,
        orderNumber: t.string,
        locationId: LocationIdCodec,
        mode: OrderModeCodec,
        items: t.readonlyArray(TicketItemCodec),
        rush: t.boolean,
        openedAt: t.string,
      }),
      t.partial({
        pickupNo: t.number,
        table: t.string,
        promisedAt: t.string,
        fireAt: t.string,
        /** What the customer wants the kitchen to know of all of it; sealed. */
        note: SealedCodec,
      }),
    ]),
  },
  TicketFired: { v: 1, data: t.type({ firedAt: t.string, by: t.string }) },
  ItemStarted: { v: 1, data: t.type({ itemId: TicketItemIdCodec, station: t.string, by: t.string }) },
  ItemDone: { v: 1, data: t.type({ itemId: TicketItemIdCodec, station: t.string, by: t.string }) },
  ItemRecalled: { v: 1, data: t.type({ itemId: TicketItemIdCodec, station: t.string, by: t.string }) },
  ItemsAdded: {
    v: 1,
    data: t.type({ batch: t.string, items: t.readonlyArray(TicketItemCodec), addedAt: t.string }),
  },
  ItemVoided: {
    v: 1,
    data: t.type({
      itemId: TicketItemIdCodec,
      qty: t.number,
      reason: t.string,
      by: t.string,
      /** Whether somebody had begun to make it: then the kitchen has to take notice. */
      wasStarted: t.boolean,
    }),
  },
  VoidAcknowledged: { v: 1, data: t.type({ itemId: TicketItemIdCodec, by: t.string }) },
  /** Nobody in the kitchen has taken notice for too long. */
  VoidEscalated: { v: 1, data: t.type({ itemId: TicketItemIdCodec, at: t.string, by: t.string }) },
  TicketReady: { v: 1, data: t.type({ readyAt: t.string }) },
  TicketCancelled: {
    v: 1,
    data: t.type({
      orderId: OrderIdCodec,
      reason: t.string,
      by: t.string,
      /** Although it was begun. */
      forced: t.boolean,
      cancelledAt: t.string,
    }),
  },
  TicketPromiseChanged: {
    v: 1,
    data: t.intersection([t.type({ promisedAt: t.string, by: t.string }), t.partial({ fireAt: t.string })]),
  },
  /** It is made for another business day (`YYYY-MM-DD`), and called out by a number of that day. */
  TicketRenumbered: { v: 1, data: t.type({ pickupNo: t.number, businessDate: t.string }) },
  TicketPrioritised: { v: 1, data: t.type({ rush: t.boolean, by: t.string }) },
  /** What the staff wants the kitchen to know; sealed. */
  TicketNoteAdded: { v: 1, data: t.type({ noteId: NoteIdCodec, note: SealedCodec, by: t.string }) },
  TicketHandedOver: {
    v: 1,
    data: t.intersection([t.type({ to: RecipientCodec, handedOverAt: t.string }), t.partial({ code: t.string })]),
  },
} as const;

/** Every event of a kitchen ticket, as a union discriminated by `type`. */
export type TicketEvent = EventOf<typeof definitions>;
export const ticketEvents = eventCodec(definitions);
