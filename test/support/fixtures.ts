import {
  formatId,
  type IdKind,
  type LocationId,
  type OrderId,
  type PaymentId,
  type ReservationId,
  type ShipmentId,
  type Sku,
  type TicketId,
} from '../../src/domain/kernel/ids.js';
import type { Money } from '../../src/domain/kernel/money.js';
import type { Sealed } from '../../src/domain/kernel/sealed.js';
import type { Location } from '../../src/domain/location/index.js';
import type { OfferDetails } from '../../src/domain/offer/index.js';
import type { OrderEvent, OrderLine } from '../../src/domain/order/index.js';
import type { ShipmentEvent } from '../../src/domain/shipment/index.js';
import type { TicketEvent } from '../../src/domain/ticket/index.js';

/** The id of a kind that belongs to a small number: the same number gives the same id. */
export const idOf = <Kind extends IdKind>(kind: Kind, number: number) =>
  formatId(kind, `00000000-0000-5000-8000-${number.toString(16).padStart(12, '0')}`);

export const eur = (amount: number): Money => ({ amount, currency: 'EUR' });
export const sku = (text: string): Sku => text as Sku;
/** What somebody wrote, as events carry it. */
export const sealedNote = (text: string): Sealed => `sealed:${text}` as Sealed;
export const main = 'main' as LocationId;
export const anOrder: OrderId = idOf('order', 1);
export const aPayment: PaymentId = idOf('payment', 1);
export const aTicket: TicketId = idOf('ticket', 1);
export const aShipment: ShipmentId = idOf('shipment', 1);
export const aReservation: ReservationId = idOf('reservation', 1);
export const at = '2024-05-04T12:00:00.000Z';
export const later = '2024-05-04T12:10:00.000Z';
export const dueAt = '2024-05-04T12:30:00.000Z';

/** A line of an order, tax-free: `n` gives its id. */
export function orderLine(n: number, change: Partial<OrderLine> = {}): OrderLine {
  const qty = change.qty ?? 2;
  const unitPrice = change.unitPrice ?? eur(500);
  const gross = { ...unitPrice, amount: unitPrice.amount * qty };
  const nothing = { ...unitPrice, amount: 0 };
  return {
    lineId: idOf('line', n),
    sku: sku(`sku-${n}`),
    name: `Thing ${n}`,
    options: [],
    unitPrice,
    qty,
    gross,
    discount: nothing,
    tax: nothing,
    net: gross,
    taxRateBp: 0,
    track: true,
    station: 'main',
    ...change,
  };
}

type PlacedData = Extract<OrderEvent, { type: 'OrderPlaced' }>['data'];
/** What OrderPlaced says of an order of two lines, 20.00 EUR, whose stock is to be secured. */
export function placedOrder(change: Partial<PlacedData> = {}): PlacedData {
  const lines = change.lines ?? [orderLine(1), orderLine(2)];
  const currency = lines[0]?.net.currency ?? 'EUR';
  return {
    orderId: anOrder,
    number: 'ABCD-EFGH-JKMN-7',
    accountId: 'main',
    channel: 'api',
    locationId: main,
    mode: 'pickup',
    lines,
    discounts: [],
    deliveryFee: { amount: 0, currency },
    tip: { amount: 0, currency },
    tax: [],
    total: { amount: lines.reduce((total, { net }) => total + net.amount, 0), currency },
    taxInclusive: true,
    priceHash: 'a'.repeat(64),
    paymentMode: 'prepay',
    gates: { check: 'skipped', stock: 'required', discounts: 'skipped' },
    onShortage: 'reject',
    paymentWindowMinutes: 30,
    placedAt: at,
    ...change,
  };
}

type OpenedData = Extract<TicketEvent, { type: 'TicketOpened' }>['data'];
/** A ticket of two items. */
export const openedTicket = (change: Partial<OpenedData> = {}): OpenedData => ({
  ticketId: aTicket,
  orderId: anOrder,
  orderNumber: 'ABCD-EFGH-JKMN-7',
  locationId: main,
  mode: 'pickup',
  items: [1, 2].map((n) => ({
    itemId: idOf('ticketItem', n),
    lineId: idOf('line', n),
    sku: sku(`sku-${n}`),
    name: `Thing ${n}`,
    qty: 2,
    options: [],
    station: 'main',
    prepSeconds: 60,
  })),
  rush: false,
  openedAt: at,
  ...change,
});

type CreatedData = Extract<ShipmentEvent, { type: 'ShipmentCreated' }>['data'];
/** A shipment of two units of each of two lines. */
export const createdShipment = (change: Partial<CreatedData> = {}): CreatedData => ({
  shipmentId: aShipment,
  orderId: anOrder,
  orderNumber: 'ABCD-EFGH-JKMN-7',
  locationId: main,
  lines: [1, 2].map((n) => ({ lineId: idOf('line', n), sku: sku(`sku-${n}`), name: `Thing ${n}`, qty: 2 })),
  createdAt: at,
  ...change,
});

export const soup: OfferDetails = {
  name: 'Soup',
  trackStock: true,
  taxClass: 'standard',
  station: 'hot',
  prepSeconds: 90,
};

/** The location that an empty store begins with. */
export const mainLocation = (change: Partial<Location> = {}): Location => ({
  locationId: main,
  name: 'Main',
  timeZone: 'UTC',
  modes: ['pickup', 'dine_in'],
  taxRateBp: 0,
  taxInclusive: true,
  paymentWindowMinutes: 30,
  defaultStation: 'main',
  ...change,
});
