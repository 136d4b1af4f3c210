import type { AlreadyExists, IllegalTransition, InvalidAmount, NotFound } from '../kernel/rejections.js';
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

/** Why a payment refuses a command. */
export type PaymentRejection =
  NotFound | AlreadyExists | IllegalTransition | InvalidAmount | PaymentAlreadyClosed | SessionAlreadyOpen;
