import type { RefundId } from '../kernel/ids.js';
import type {
  AlreadyExists,
  CurrencyMismatch,
  IllegalTransition,
  InvalidAmount,
  NotFound,
  RefundExceedsCaptured,
} from '../kernel/rejections.js';
import type { PaymentEvent } from './events.js';

/** The payment was closed: nothing may be opened for it any more, and a session just made must be expired. */
export interface PaymentAlreadyClosed {
  readonly _tag: 'PaymentAlreadyClosed';
  readonly why: Extract<PaymentEvent, { type: 'PaymentClosed' }>['data']['why'] | 'failed';
}

/** Another session of this payment is open; it must be expired at the provider before it is replaced. */
export interface SessionAlreadyOpen {
  readonly _tag: 'SessionAlreadyOpen';
  readonly sessionId: string;
}

/** Whoever asked for so much is not the one to approve it. */
export interface SecondPersonRequired {
  readonly _tag: 'SecondPersonRequired';
  readonly refundId: RefundId;
}

/** Why a payment refuses a command. */
export type PaymentRejection =
  | NotFound
  | AlreadyExists
  | IllegalTransition
  | InvalidAmount
  | PaymentAlreadyClosed
  | SessionAlreadyOpen
  | CurrencyMismatch
  | RefundExceedsCaptured
  | SecondPersonRequired;
