import type { PaymentId } from '../../kernel/ids.js';
import type { Money } from '../../kernel/money.js';

/** To say how an order is paid, and to tell it what became of that. */
export type PayingCommand =
  | {
      readonly type: 'ConfirmPayLater';
      /** Whether the location lets its customers pay afterwards. */
      readonly allowed: boolean;
    }
  | {
      readonly type: 'RequestPayment';
      /** Names the request, so that a repeat is the same one, however often something was due since. */
      readonly requestKey?: string;
      /** The payment that the order waits for, where whoever asks knows that nobody can pay that one any more. */
      readonly insteadOf?: PaymentId;
      /** The payment to open where none is open, and which one of the order it is. */
      readonly paymentId: PaymentId;
      readonly ordinal: number;
      /** RFC 3339; the end of the time to pay what is due of an order that goes on. */
      readonly dueAt: string;
      /** RFC 3339. */
      readonly at: string;
    }
  | {
      readonly type: 'ConfirmAuthorized';
      readonly paymentId: PaymentId;
      readonly authorized: Money;
    }
  | { readonly type: 'RecordAuthorizationLost'; readonly paymentId: PaymentId }
  | {
      readonly type: 'AttachPaymentLink';
      readonly paymentId: PaymentId;
      readonly url: string;
      readonly expiresAt: string;
    }
  /** Nobody can pay that one any more. */
  | { readonly type: 'DetachPaymentLink'; readonly paymentId: PaymentId }
  | {
      readonly type: 'ApplyPayment';
      readonly paymentId: PaymentId;
      readonly intentId: string;
      readonly amount: Money;
      readonly method: string;
    }
  | {
      readonly type: 'ExpireOrder';
      /** RFC 3339. */
      readonly at: string;
      /** The payment that was ended before; absent: whichever the order waits for. */
      readonly paymentId?: PaymentId;
    };
