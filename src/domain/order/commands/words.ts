import type { LineId, PaymentId } from '../../kernel/ids.js';

/** The payment that an accepted order waits for; derived and timed by whoever issues the command. */
export interface Acceptance {
  readonly paymentId: PaymentId;
  /** RFC 3339; acceptance time plus the payment window. */
  readonly paymentDueAt: string;
}

/** So many units of a line. */
export interface LineQuantity {
  readonly lineId: LineId;
  readonly qty: number;
}
