import type { OrderId, PaymentId } from '../../domain/kernel/ids.js';
import type { StreamName } from '../../domain/kernel/streams.js';

/** An order that has stood still for longer than it should. */
export interface StuckOrder {
  readonly orderId: OrderId;
  readonly status: string;
  /** RFC 3339; since when something should have happened. */
  readonly since: string;
}

/** What views and tables show of work that nobody has done. Times are RFC 3339. */
export interface Leftovers {
  /** Orders that nothing moves although something should have, at most a few hundred. */
  stuckOrders(now: string): Promise<readonly StuckOrder[]>;
  /** Payments of which money is on its way back, at most a few hundred. */
  refundsUnderWay(): Promise<readonly PaymentId[]>;
  /** Orders of which money is to go back and has not, at most a few hundred. */
  refundsOwed(): Promise<readonly OrderId[]>;
  /** Orders with an amendment that waits for its stock, at most a few hundred. */
  amendmentsWaiting(): Promise<readonly OrderId[]>;
  /** The stream of every stock item. */
  stockItems(): Promise<readonly StreamName[]>;
  /** How many webhooks that came before that moment nobody has worked. */
  webhooksWaiting(before: string): Promise<number>;
}
