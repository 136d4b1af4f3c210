import type { ShipmentId } from '../../kernel/ids.js';
import type { Sealed } from '../../kernel/sealed.js';
import type { By, OrderData } from '../events.js';
import type { LineQuantity } from './words.js';

/** To set units aside for shipments, tell the order what became of these, and say where it goes. */
export type ShippingCommand =
  | {
      readonly type: 'AllotLines';
      readonly shipmentId: ShipmentId;
      readonly lines: readonly LineQuantity[];
      /** As for `RecordLinesFulfilled`. */
      readonly openOnly?: true;
    }
  | {
      readonly type: 'RecordDispatch';
      readonly shipmentId: ShipmentId;
      readonly carrier: string;
      readonly trackingNo?: string;
    }
  | {
      readonly type: 'RecordRelease';
      readonly shipmentId: ShipmentId;
      readonly why: OrderData<'LinesReleased'>['why'];
    }
  /** What is absent stays as it is. */
  | {
      readonly type: 'ChangeDelivery';
      readonly contact?: Sealed;
      readonly address?: Sealed;
      /** RFC 3339, UTC, milliseconds. */
      readonly promisedAt?: string;
      readonly by: By;
    };
