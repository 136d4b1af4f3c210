import type { PaymentId } from '../../kernel/ids.js';
import type { Money } from '../../kernel/money.js';
import type { OrderData } from '../events.js';
import type { LineQuantity } from './words.js';

/** To give money back, and to tell the order what became of that. */
export type RefundingCommand =
  | {
      readonly type: 'GrantRefund';
      /** Names the wish, so that a repeat is the same one. */
      readonly refundKey: string;
      /** Some money, or what these units cost. */
      readonly refund: { readonly amount: Money } | { readonly lines: readonly LineQuantity[] };
      readonly reason: 'goodwill' | 'return';
      readonly note?: string;
      /** Up to here, in minor units, nobody has to approve it. */
      readonly automaticUpTo: number;
    }
  | {
      readonly type: 'RecordRefund';
      readonly paymentId: PaymentId;
      /** Ours, or the provider's of a refund that was made there. */
      readonly refundId: string;
      readonly amount: Money;
      readonly outcome: 'succeeded';
      readonly foreign?: boolean;
    }
  | {
      readonly type: 'RecordRefund';
      readonly paymentId: PaymentId;
      /** As above. */
      readonly refundId: string;
      readonly amount: Money;
      readonly outcome: 'failed';
      readonly foreign?: boolean;
      readonly code: string;
      /** Why it had been granted. */
      readonly reason?: OrderData<'RefundDue'>['reason'];
    };
