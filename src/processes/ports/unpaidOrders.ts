import type { LocationId, OrderId, Sku } from '../../domain/kernel/ids.js';

/** An order that nobody has paid yet, as far as its view shows it. */
export interface UnpaidOrder {
  readonly orderId: OrderId;
  readonly locationId: LocationId;
  /** RFC 3339; absent: as soon as may be. */
  readonly promisedAt?: string;
}

/** Orders that nobody has paid yet, as a view shows them. Both throw DatabaseUnavailable. */
export interface UnpaidOrders {
  /** Whether the view shows every order up to a commit position of the log; it is waited for, for a moment. */
  shows(position: bigint): Promise<boolean>;
  /** Those that still want an article, at one location or, where none is named, anywhere. */
  withArticle(sku: Sku, locationId?: LocationId): Promise<readonly UnpaidOrder[]>;
}
