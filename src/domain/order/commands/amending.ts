import type { AmendmentId, LineId } from '../../kernel/ids.js';
import type { Money } from '../../kernel/money.js';
import type { By, OrderData, OrderLine, Shortage } from '../events.js';
import type { LineQuantity } from './words.js';

/** By which payment a difference would be asked for, the next of the order first: the first that it does not know is taken. */
export type NextPayments = readonly Omit<OrderData<'PaymentRequested'>, 'amount' | 'purpose'>[];

/** To have lines come and go after the order was confirmed. */
export type AmendingCommand =
  | {
      readonly type: 'AmendOrder';
      readonly amendmentId: AmendmentId;
      /** Priced, under ids that no line of the order has. */
      readonly add: readonly OrderLine[];
      readonly drop: readonly LineQuantity[];
      /** `refund`: what was paid for more than is left goes back; `none`: it stays with the order. */
      readonly settlement: 'refund' | 'none';
      readonly by: By;
      /** RFC 3339. */
      readonly at: string;
      readonly payments: NextPayments;
      /** What one order may cost. */
      readonly maximum: Money;
    }
  | {
      readonly type: 'SettleAmendment';
      readonly amendmentId: AmendmentId;
      /** The lines that come, as far as units were set aside for them. */
      readonly reserved: readonly LineId[];
      readonly payments: NextPayments;
    }
  | {
      readonly type: 'DeclineAmendment';
      readonly amendmentId: AmendmentId;
      readonly cause: string;
      readonly shortages?: readonly Shortage[];
    };
