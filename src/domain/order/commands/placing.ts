import type { LineId, ReservationId } from '../../kernel/ids.js';
import type { OrderData, OrderMode, Shortage } from '../events.js';
import type { Acceptance } from './words.js';

/** To place an order, and to tell it what could be set aside for it. */
export type PlacingCommand =
  | {
      readonly type: 'PlaceOrder';
      readonly order: OrderData<'OrderPlaced'>;
      readonly acceptance: Acceptance;
      readonly allowedModes: readonly OrderMode[];
    }
  | {
      readonly type: 'RecordStockSecured';
      readonly reservations: readonly { readonly lineId: LineId; readonly reservationId: ReservationId }[];
      readonly acceptance: Acceptance;
    }
  | {
      readonly type: 'RecordStockShort';
      readonly shortages: readonly Shortage[];
      /** RFC 3339; until when an order that would rather wait than be rejected is held. */
      readonly decideBy: string;
    };
