import type { PaymentId } from '../../kernel/ids.js';
import type { By, OrderData } from '../events.js';
import type { Acceptance, LineQuantity } from './words.js';

/** Money that came as another amount than was asked for. */
export type OtherMoney = NonNullable<OrderData<'OrderHoldResolved'>['money']>[number];

/** To have somebody decide on an order, and to decide. */
export type HoldingCommand =
  | {
      readonly type: 'HoldOrder';
      readonly kind: OrderData<'OrderHeld'>['kind'];
      readonly detail: string;
      /** RFC 3339. */
      readonly decideBy: string;
      /** Which articles are suspended, where it is that. */
      readonly soldOut?: OrderData<'OrderHeld'>['soldOut'];
      /** One that was paid, or is confirmed otherwise, goes on. */
      readonly unpaidOnly?: true;
    }
  | {
      readonly type: 'ResolveHold';
      readonly decision: OrderData<'OrderHoldResolved'>['decision'];
      /** What to drop, for `amend`. */
      readonly lines?: readonly LineQuantity[];
      /** Shown to the customer where the order is rejected. */
      readonly reason?: string;
      readonly by: By;
      /** Names the decision, so that a repeat finds it made. */
      readonly resolutionId?: string;
      /** RFC 3339. People decide before the hold's time is over, the system at or after it. */
      readonly at: string;
      readonly acceptance: Acceptance;
      /** What came as another amount than was asked for, and waits for this decision. */
      readonly money?: readonly OtherMoney[];
      /** By which payment an order that goes on waiting for one is paid, where nobody can pay that one any more. */
      readonly another?: {
        readonly insteadOf: PaymentId;
        readonly paymentId: PaymentId;
        readonly ordinal: number;
      };
    };
