import type { LineId, PaymentId } from '../kernel/ids.js';
import type {
  AlreadyDispatched,
  AlreadyExists,
  CurrencyMismatch,
  IllegalTransition,
  InvalidAmount,
  InvalidQuantity,
  NotFound,
  RefundExceedsCaptured,
} from '../kernel/rejections.js';
import type { Money } from '../kernel/money.js';
import type { OrderStatus } from './shown.js';
import type { OrderMode } from './events.js';

/** The location does not serve orders in this way. */
export interface ModeNotOffered {
  readonly _tag: 'ModeNotOffered';
  readonly mode: OrderMode;
  readonly offered: readonly OrderMode[];
}

/** An order has 1 to 100 lines. */
export interface LineCountOutOfRange {
  readonly _tag: 'LineCountOutOfRange';
  readonly count: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** Stock was reported secured, but these lines of tracked items have no reservation. */
export interface LinesNotReserved {
  readonly _tag: 'LinesNotReserved';
  readonly lineIds: readonly LineId[];
}

/** The order does not wait for this payment. */
export interface PaymentNotAwaited {
  readonly _tag: 'PaymentNotAwaited';
  readonly paymentId: PaymentId;
  readonly awaited: PaymentId | null;
}

/** More than is still open of these lines; `available` 0 for a line that the order does not have. */
export interface QuantityNotAvailable {
  readonly _tag: 'QuantityNotAvailable';
  readonly lines: readonly { readonly lineId: LineId; readonly wanted: number; readonly available: number }[];
}

/** Too late to cancel: the order is paid for and on its way. */
export interface CancellationWindowClosed {
  readonly _tag: 'CancellationWindowClosed';
  readonly status: OrderStatus;
}

/** The hold's time to decide is over (a person is too late), or not over yet (the system is too early). */
export interface HoldExpired {
  readonly _tag: 'HoldExpired';
  readonly decideBy: string;
}

/** The location takes no orders that are paid for afterwards. */
export interface PayLaterNotOffered {
  readonly _tag: 'PayLaterNotOffered';
}

/** What was paid is in another currency than the order, and cannot count on it. */
export interface PaidInAnotherCurrency {
  readonly _tag: 'PaidInAnotherCurrency';
  readonly paid: Money;
  /** That of the order. */
  readonly currency: string;
}

/** The order is paid, or asks for no money any more. */
export interface NothingDue {
  readonly _tag: 'NothingDue';
}

/** There is no line to do it with: none was named. */
export interface NoLines {
  readonly _tag: 'NoLines';
}

/** These units cannot be taken out of the order any more: they are being made, have left, or were handed over. */
export interface LineAlreadyStarted {
  readonly _tag: 'LineAlreadyStarted';
  readonly lines: QuantityNotAvailable['lines'];
}

/** The order would cost more than one order may. */
export interface OrderTooExpensive {
  readonly _tag: 'TotalTooLarge';
  readonly maximum: Money;
}

/** Why an order refuses a command. */
export type OrderRejection =
  | NotFound
  | AlreadyExists
  | IllegalTransition
  | InvalidQuantity
  | InvalidAmount
  | CurrencyMismatch
  | ModeNotOffered
  | LineCountOutOfRange
  | LinesNotReserved
  | PaymentNotAwaited
  | QuantityNotAvailable
  | CancellationWindowClosed
  | HoldExpired
  | PayLaterNotOffered
  | PaidInAnotherCurrency
  | RefundExceedsCaptured
  | AlreadyDispatched
  | NothingDue
  | NoLines
  | LineAlreadyStarted
  | OrderTooExpensive;
