import type { LocationId, MerchantOrderNo, Sku } from '../../domain/kernel/ids.js';
import type { Money } from '../../domain/kernel/money.js';
import type { PersonalFields } from '../../domain/kernel/person.js';
import type { OrderChannel, OrderMode } from '../../domain/order/index.js';
import type { Choice } from '../../domain/pricing/index.js';

/** What a client may say of an order: which articles and how many, never a price; and for whom it is. */
export interface PlaceOrderInput extends Partial<PersonalFields> {
  readonly locationId: LocationId;
  readonly mode: OrderMode;
  /** By what it was ordered; absent: by a program of somebody else's. */
  readonly channel?: OrderChannel;
  /** A sku may come several times: with the same options and the same note it becomes one line. */
  readonly lines: readonly {
    readonly sku: Sku;
    readonly quantity: number;
    /** What is chosen of the article's options; absent: nothing. */
    readonly options?: readonly Choice[];
    /** What whoever makes it should know. With another note it is another line. */
    readonly note?: string;
  }[];
  readonly merchantOrderNo?: MerchantOrderNo;
  /** BCP 47. */
  readonly locale?: string;
  /** For when it is wanted, RFC 3339; absent: as soon as may be. */
  readonly promisedAt?: string;
  readonly table?: string;
  /** What becomes of the order when goods are short; absent: it is rejected. */
  readonly onShortage?: 'reject' | 'hold';
  /** Pay afterwards, where the location lets its customers. */
  readonly payLater?: boolean;
  /** What its quote said; absent: whatever it comes to is fine. */
  readonly priceHash?: string;
  /** The token of its quote: while that is valid the order costs what it says. */
  readonly quote?: string;
  /** What is given on top; none of it is taxed. */
  readonly tip?: Money;
  /** The same as a part of what the lines cost on the menu, in basis points. */
  readonly tipRateBp?: number;
  readonly destination?: { readonly country: string; readonly region?: string; readonly postalPrefix?: string };
}
