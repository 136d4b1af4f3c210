import type {
  AmendmentId,
  CancellationId,
  LineId,
  NoteId,
  PaymentId,
  ReturnId,
  ShipmentId,
  TicketId,
} from '../kernel/ids.js';
import type { Money } from '../kernel/money.js';
import type { Sealed } from '../kernel/sealed.js';
import type { OrderData, OrderLine, RejectionReason, Shortage } from './events.js';

/** A line with what became of its units: `cancelled + fulfilled ≤ qty`, `returned ≤ fulfilled`. */
export type LineState = OrderLine & {
  readonly cancelled: number;
  readonly fulfilled: number;
  /** Absent: none. */
  readonly returned?: number;
};

/** What must be settled before an order is accepted. */
export interface Gates {
  readonly check: 'pending' | 'passed' | 'failed' | 'review' | 'skipped';
  readonly stock: 'pending' | 'secured' | 'short' | 'skipped';
  readonly discounts: 'pending' | 'skipped';
}

/** The payment that an accepted order waits (or waited) for. */
export interface AwaitedPayment {
  readonly paymentId: PaymentId;
  /** RFC 3339. */
  readonly dueAt: string;
  /** What it asks for, and by which request, where it took the place of another one. */
  readonly amount?: Money;
  readonly requestKey?: string;
}

/** A cancellation that was asked for while the kitchen had a word in it, and what came of it. */
export interface CancellationState extends OrderData<'CancellationRequested'> {
  readonly state: 'pending' | 'declined' | 'done';
  /** Why it was declined, wholly or for a part. */
  readonly cause?: string;
}

/** An amendment that had to wait for its stock, and what came of it. */
export interface AmendmentState extends OrderData<'AmendmentRequested'> {
  readonly state: 'pending' | 'declined' | 'done';
  /** Why it was declined. */
  readonly cause?: string;
  readonly shortages?: readonly Shortage[];
}

/** Units that travel together, and how far they are. */
export interface AllottedShipment {
  readonly shipmentId: ShipmentId;
  readonly lines: readonly { readonly lineId: LineId; readonly qty: number }[];
  readonly state: 'allotted' | 'dispatched' | 'delivered' | 'released';
}

export interface KitchenNote {
  readonly noteId: NoteId;
  readonly note: Sealed;
}

/** A refund whose end is known. */
export interface SettledRefund {
  readonly refundId: string;
  readonly outcome: 'succeeded' | 'failed';
  /** In minor units, by how much `refundDue` rose when it went; absent: it had been due before. */
  readonly raised?: number;
  /** By how much less than it is `refundDue` rose: no more was captured that was not due already. Absent: by all of it. */
  readonly short?: number;
}

/** What is known of an order in whatever status. */
export interface OrderFacts {
  /** As it was placed, with what was added since: ids, prices, policies. */
  readonly details: OrderData<'OrderPlaced'>;
  readonly lines: readonly LineState[];
  readonly gates: Gates;
  readonly captured: Money;
  /** What is to go back, less what failed to: never above `captured`. */
  readonly refundDue: Money;
  /** What has gone back. */
  readonly refunded: Money;
  /** The part of `refundDue` that was granted although the goods were kept. */
  readonly goodwill: Money;
  /** The part of `refundDue` that was paid and not owed (any more): it pays for nothing. Absent: nothing of the kind went back. */
  readonly repaid?: Money;
  /** What the cancelled lines cost. */
  readonly cancelledAmount: Money;
  /** What the provider holds for the order without having taken it. */
  readonly authorized: Money | undefined;
  /** It held some, and let it go. */
  readonly authorizationLost?: true;
  /** Refunds whose end is known, so that it is told once. */
  readonly settledRefunds: readonly SettledRefund[];
  /** Causes of refunds that were granted. */
  readonly refundKeys: readonly string[];
  /** Answers of the check engine that were recorded. */
  readonly checks: readonly string[];
  /** The last cancellation that was asked for; at most one is pending. */
  readonly cancellation: CancellationState | undefined;
  /** Cancellations of single lines that were carried out. */
  readonly lineCancellations: readonly CancellationId[];
  /** What came on top after it was confirmed, the oldest first. */
  readonly amendments?: readonly { readonly amendmentId: AmendmentId; readonly added: readonly LineId[] }[];
  /** Amendments that had to wait for their stock, the oldest first; at most the last one is pending. */
  readonly askedAmendments?: readonly AmendmentState[];
  readonly noteIds: readonly string[];
  /** What the staff wants the kitchen to know, the oldest first. */
  readonly kitchenNotes?: readonly KitchenNote[];
  /** Whether it was ever confirmed, so that the kitchen was told of it. */
  readonly wasConfirmed: boolean;
  /** Confirmed although it is to be paid afterwards. */
  readonly confirmedLater: boolean;
  /** Captures that were counted already. */
  readonly applied: readonly { readonly paymentId: PaymentId; readonly intentId: string }[];
  readonly awaited: AwaitedPayment | undefined;
  /** Payments that it waited for before that one, the oldest first: nobody could pay them any more. */
  readonly formerPayments?: readonly PaymentId[];
  /** What came as another amount than was asked for and was accepted, whether it is counted yet or not. Absent: nothing. */
  readonly acceptedMoney?: NonNullable<OrderData<'OrderHoldResolved'>['money']>;
  /** Suspended articles for which it was held, the oldest first: somebody decides on each once. Absent: none. */
  readonly soldOut?: NonNullable<OrderData<'OrderHeld'>['soldOut']>;
  /** Decisions on holds that whoever made them named, the oldest first. Absent: none. */
  readonly resolutions?: readonly string[];
  readonly link: OrderData<'PaymentLinkAttached'> | undefined;
  /** Payments that were asked for besides the one that confirms it, the oldest first. */
  readonly requested?: readonly OrderData<'PaymentRequested'>[];
  readonly tickets: readonly { readonly ticketId: TicketId; readonly pickupNo?: number }[];
  readonly shipments: readonly AllottedShipment[];
  /** Whom to write to, where to bring it and when, as it stands by now. */
  readonly contact: Sealed | undefined;
  readonly address: Sealed | undefined;
  readonly promisedAt: string | undefined;
  /**
   * How often people, or the kitchen of its own accord, named another time: whoever hears of one of them late knows by it whether
   * that is still the last word. Absent: never.
   */
  readonly promises?: number;
  /** What came back, each thing that came at once by its name; absent: nothing. */
  readonly returns?: readonly ReturnId[];
  /** Which ticket or shipment handed over what. */
  readonly handOvers: readonly { readonly by: string; readonly lineId: LineId; readonly qty: number }[];
}

export type Stage = OrderData<'FulfilmentProgressed'>['stage'];

export interface NotPlaced {
  readonly status: 'none';
}
export interface Placed extends OrderFacts {
  readonly status: 'placed';
}
export type Hold = Omit<OrderData<'OrderHeld'>, 'soldOut'>;
export interface OnHold extends OrderFacts {
  readonly status: 'on_hold';
  readonly hold: Hold;
  /** How far the kitchen is: a hold does not undo what it does. */
  readonly stage?: Stage;
}
export interface AwaitingPayment extends OrderFacts {
  readonly status: 'awaiting_payment';
}
export interface Confirmed extends OrderFacts {
  readonly status: 'confirmed';
}
export interface InFulfilment extends OrderFacts {
  readonly status: 'in_fulfilment';
  readonly stage: Stage;
}
export interface Fulfilled extends OrderFacts {
  readonly status: 'fulfilled';
}
export interface Completed extends OrderFacts {
  readonly status: 'completed';
}
export interface Rejected extends OrderFacts {
  readonly status: 'rejected';
  readonly reasons: readonly RejectionReason[];
}
export interface Expired extends OrderFacts {
  readonly status: 'expired';
}
export interface Cancelled extends OrderFacts {
  readonly status: 'cancelled';
}

/** An order that was placed, whatever became of it. */
export type ExistingOrder =
  Placed | OnHold | AwaitingPayment | Confirmed | InFulfilment | Fulfilled | Completed | Rejected | Expired | Cancelled;
/** One order, one case a status. */
export type Order = NotPlaced | ExistingOrder;

export const notPlaced: Order = { status: 'none' };
