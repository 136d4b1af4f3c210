import * as t from 'io-ts';
import { ShipmentIdCodec } from '../../kernel/ids.js';
import { literals } from '../../kernel/literals.js';
import { SealedCodec } from '../../kernel/sealed.js';
import { ByCodec, LineQtyCodec } from './words.js';

/** Units of an order leave by shipment, or come back from the way; and where, and for when, it is wanted. */
export const shippingEvents = {
  /** Set aside for a shipment: these units are in no other. */
  LinesAllotted: { v: 1, data: t.type({ shipmentId: ShipmentIdCodec, lines: t.readonlyArray(LineQtyCodec) }) },
  LinesDispatched: {
    v: 1,
    data: t.intersection([
      t.type({ shipmentId: ShipmentIdCodec, lines: t.readonlyArray(LineQtyCodec), carrier: t.string }),
      t.partial({ trackingNo: t.string }),
    ]),
  },
  /** The shipment does not arrive: its units are open again. */
  LinesReleased: {
    v: 1,
    data: t.type({ shipmentId: ShipmentIdCodec, why: literals('cancelled', 'returned', 'lost') }),
  },
  /** What is not named stays as it was. ByCodec the system: the kitchen promises it for then by now. */
  DeliveryChanged: {
    v: 1,
    data: t.intersection([
      t.type({ by: ByCodec }),
      t.partial({
        contact: SealedCodec,
        address: SealedCodec,
        promisedAt: t.string,
        /** By the system: the kitchen said so of its own accord, and did not follow what it was told before. */
        byKitchen: t.literal(true),
      }),
    ]),
  },
} as const;
