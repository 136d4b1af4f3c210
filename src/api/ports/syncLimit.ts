import type { PaymentId } from '../../domain/kernel/ids.js';

/** Keeps the provider from being asked about one payment again and again, whichever process is asked to ask. */
export interface SyncLimit {
  /**
   * Whether the payment may be asked about now, which counts then.
   * @returns 0: yes; else in how many milliseconds it may be. Never throws
   */
  take(id: PaymentId): Promise<number>;
}
