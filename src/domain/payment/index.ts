import type { Aggregate } from '../kernel/aggregate.js';
import type { PaymentCommand } from './commands.js';
import { decide } from './decide.js';
import { type PaymentEvent, paymentEvents } from './events.js';
import { evolve } from './evolve.js';
import type { PaymentRejection } from './rejections.js';
import type { Payment } from './state.js';

/** One requested amount and what the provider says of it: `payment-{paymentId}`. */
export const payment: Aggregate<Payment, PaymentCommand, PaymentEvent, PaymentRejection> = {
  category: 'payment',
  initial: { status: 'none' },
  decide,
  evolve,
  codec: paymentEvents,
  stateVersion: 2,
};

export type * from './commands.js';
export { endedUnpaid } from './ended.js';
export type { PaymentEvent, RefundReason, SeenBy } from './events.js';
export type * from './rejections.js';
export { hasGone } from './foreignRefunds.js';
export { neverCounted, otherMoneyOf, type OtherMoney, undecidedMoney, waitingMoney } from './otherMoney.js';
export { refundableOf, type Refundable } from './refunding.js';
export type * from './state.js';
export { representPayment, type PaymentView, type RefundView } from './view.js';
