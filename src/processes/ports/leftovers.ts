import type { OrderId, PaymentId } from '../../domain/kernel/ids.js';
import type { StreamName } from '../../domain/kernel/streams.js';

/** A timer that was set once. */
export interface SetTimer {
  readonly id: string;
  readonly process: string;
  /** RFC 3339, UTC. */
  readonly dueAt: string;
  /** It has neither gone off nor been cancelled. */
  readonly isOpen: boolean;
}

/** Which unfinished orders may lack a next step. */
export interface UnfinishedWish {
  /** Only what was placed before then: all else is merely young. */
  readonly before: string;
  /** A timer that was due before then is late: it ends nothing. */
  readonly late: string;
  /** Also those of which there may be very many: what is to be made, and what was handed over. */
  readonly all: boolean;
}

/** What views and tables show of work that nobody has done. Times are RFC 3339. */
export interface Leftovers {
  /** Orders that may lack a next step, at most a few hundred. */
  unfinishedOrders(wish: UnfinishedWish): Promise<readonly OrderId[]>;
  /**
   * Orders that are over for good and that a kitchen still has, at most a few hundred: of those that were placed before then.
   * `all`: also those with a parcel that has not left.
   */
  deadOrdersAtWork(wish: { readonly before: string; readonly all: boolean }): Promise<readonly OrderId[]>;
  /**
   * Orders that ask for a payment and know of no page to pay it at, at most a few hundred: of those that were placed before then,
   * and as long as there is time to pay.
   */
  ordersWithoutPage(wish: { readonly before: string; readonly now: string }): Promise<readonly OrderId[]>;
  /** The timers that were set for an order. */
  timersOf(orderId: OrderId): Promise<readonly SetTimer[]>;
  /**
   * Payments that may have taken or given back money between two moments: of orders that were placed then, with refunds that
   * were asked for then, and those of which nobody can say it without their history.
   */
  paymentsBetween(from: string, until: string): Promise<readonly PaymentId[]>;
  /** Payments of which money is on its way back, at most a few hundred. */
  refundsUnderWay(): Promise<readonly PaymentId[]>;
  /** Orders of which money is to go back and has not, or that do not know how a refund ended, at most a few hundred. */
  refundsOwed(): Promise<readonly OrderId[]>;
  /** Orders with an amendment that waits for its stock, at most a few hundred. */
  amendmentsWaiting(): Promise<readonly OrderId[]>;
  /** The stream of every stock item. */
  stockItems(): Promise<readonly StreamName[]>;
  /** How many webhooks that came before that moment nobody has worked. */
  webhooksWaiting(before: string): Promise<number>;
}
