import {
  LineIdCodec,
  LocationIdCodec,
  MerchantOrderNoCodec,
  OrderIdCodec,
  ShipmentIdCodec,
  SkuCodec,
  TicketIdCodec,
  TicketItemIdCodec,
} from '../../domain/kernel/ids.js';
import { parseOrderNumber } from '../../domain/kernel/orderNumber.js';
import { byCodec, integer, text } from './primitives.js';
import { decoder, described, type Schema } from './schema.js';

const NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const NAME_FORM = '1 to 64 of A–Z, a–z, 0–9, dot, underscore and dash, beginning with a letter or digit';
/** How an id with that prefix is spelled. */
export const idPattern = (prefix: string): RegExp => new RegExp(`^${prefix}_[0-7][0-9a-hjkmnp-tv-z]{25}$`);

export const sku = described(byCodec(SkuCodec, NAME_PATTERN, NAME_FORM), 'Stock keeping unit', 'margherita');
export const locationId = described(byCodec(LocationIdCodec, NAME_PATTERN, NAME_FORM), 'Shop or restaurant', 'main');
export const orderId = byCodec(OrderIdCodec, idPattern('ord'), 'an order id such as ord_…');
export const lineId = byCodec(LineIdCodec, idPattern('lin'), 'a line id such as lin_…');
export const ticketId = byCodec(TicketIdCodec, idPattern('tkt'), 'a ticket id such as tkt_…');
export const shipmentId = byCodec(ShipmentIdCodec, idPattern('shp'), 'a shipment id such as shp_…');
export const ticketItemId = byCodec(TicketItemIdCodec, idPattern('itm'), 'an item id such as itm_…');

export const merchantOrderNo = described(
  byCodec(MerchantOrderNoCodec, /^[A-Za-z0-9._-]{1,64}$/, '1 to 64 of A–Z, a–z, 0–9, dot, underscore and dash'),
  "The merchant's own number: names the same order under whatever key",
  '536365',
);

/** What people read out, in its one spelling once it is read. */
export const orderNumber: Schema<string> = {
  json: {
    type: 'string',
    maxLength: 20,
    description: 'Twelve symbols and a check symbol',
    examples: ['4Q8Z-0K3M-7TXB-5'],
  },
  codec: decoder('order number', (value) => {
    const number = typeof value === 'string' ? parseOrderNumber(value) : undefined;
    return number === undefined
      ? { fault: { code: 'invalid-format', text: 'must be an order number: its check symbol does not fit' } }
      : { value: number };
  }),
};

export const revision = described(integer(0), 'Revision of the stream: the ETag without its r', 3);

/** An id of something inside another thing, or of somebody else's. */
export const opaqueId: Schema<string> = text(100);
