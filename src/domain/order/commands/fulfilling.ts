import type { LineId, TicketId } from '../../kernel/ids.js';
import type { By, OrderData } from '../events.js';

/** To tell an order how far it is made and handed over, for when it is wanted by now, and that it is done. */
export type FulfillingCommand =
  | {
      readonly type: 'StartFulfilment';
      readonly tickets: readonly { readonly ticketId: TicketId; readonly pickupNo?: number }[];
      readonly shipLines: readonly LineId[];
    }
  | {
      readonly type: 'RecordProgress';
      readonly stage: OrderData<'FulfilmentProgressed'>['stage'];
      /** The kitchen takes up again what it had made ready: only such a report leads back. */
      readonly again?: boolean;
    }
  | {
      readonly type: 'RecordLinesFulfilled';
      readonly by: string;
      readonly lines: readonly { readonly lineId: LineId; readonly qty: number }[];
      readonly how: OrderData<'LinesFulfilled'>['how'];
      readonly at: string;
      /** It has happened: units that were called off just before are left out. Otherwise they make it refused. */
      readonly openOnly?: true;
    }
  /** Whoever fetches it, or eats it there, wants it for then, RFC 3339, UTC, milliseconds. */
  | { readonly type: 'ChangePromise'; readonly promisedAt: string; readonly by: By }
  /** The kitchen promises it for then by now, RFC 3339, UTC, milliseconds. */
  | {
      readonly type: 'RecordPromise';
      readonly promisedAt: string;
      /** It said so of its own accord, and does not only follow what it was told. */
      readonly byKitchen?: true;
    }
  /** The ticket is called out by this number from now on. */
  | { readonly type: 'RecordPickupNumber'; readonly ticketId: TicketId; readonly pickupNo: number }
  | { readonly type: 'CompleteOrder'; readonly by: 'customer' | 'timer' | 'staff' };
