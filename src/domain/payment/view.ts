import type { OrderId, PaymentId, RefundId } from '../kernel/ids.js';
import { equals, type Money, zero } from '../kernel/money.js';
import type { PaymentStatus } from './commands.js';
import type { RefundReason } from './events.js';
import { otherMoneyOf, type OtherMoney } from './otherMoney.js';
import { refundableOf } from './refunding.js';
import type { ExistingPayment, Payment, Refund } from './state.js';

/** What clients see of a refund. */
export interface RefundView {
  readonly id: RefundId;
  readonly state: Refund['state'];
  readonly amount: Money;
  readonly reason: RefundReason;
  readonly approval: 'auto' | 'required';
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly approvedBy?: string;
  /** Why it failed, or was rejected. */
  readonly code?: string;
  readonly note?: string;
}

/** What clients see of a payment, with the refunds of its money. */
export interface PaymentView {
  readonly id: PaymentId;
  readonly orderId: OrderId;
  readonly status: Exclude<PaymentStatus, 'none'>;
  readonly revision: number;
  /** Which payment of its order it is: 1 for the first. */
  readonly ordinal: number;
  readonly amount: Money;
  readonly captured: Money;
  /** What can be given back. */
  readonly refundable: Money;
  readonly method?: string;
  readonly dueAt: string;
  /** Manual: what is paid is held until somebody asks for it. */
  readonly captureMode: 'automatic' | 'manual';
  /** What the provider holds, and was asked to do with it. */
  readonly authorized?: { readonly amount: Money; readonly wish?: 'capture' | 'void' };
  readonly link?: string;
  readonly lastAttempt?: { readonly code: string; readonly declineCode?: string };
  /** Another amount than was asked for, and what became of it. */
  readonly mismatches: readonly {
    readonly expected: Money;
    readonly actual: Money;
    readonly state: OtherMoney['state'];
    /** Who accepted it, and why. */
    readonly accepted?: { readonly by: string; readonly reason?: string };
  }[];
  readonly refunds: readonly RefundView[];
  /** Refunds that were made at the provider and not by us. */
  readonly foreignRefunds: readonly {
    readonly providerRefundId: string;
    readonly amount: Money;
    /** Why it failed after all; absent: the money went. */
    readonly code?: string;
  }[];
  readonly disputes: readonly {
    readonly id: string;
    readonly amount: Money;
    readonly status: string;
    readonly evidenceDueBy?: string;
  }[];
}

/** The payment as clients see it; undefined where nobody opened one. */
export function representPayment(payment: Payment, revision: number): PaymentView | undefined {
  if (payment.status === 'none' || !payment.opening) return undefined;
  const { opening, captures, lastAttempt, session } = payment;
  const { amount } = opening;
  return {
    id: opening.paymentId,
    orderId: opening.orderId,
    status: payment.status,
    revision,
    ordinal: opening.ordinal ?? 1,
    amount,
    captured: { ...zero(amount.currency), amount: captures.reduce((sum, one) => sum + one.amount.amount, 0) },
    refundable: { ...amount, amount: refundableOf(payment).reduce((sum, { left }) => sum + left, 0) },
    ...(captures[0] ? { method: captures[0].method.kind } : {}),
    dueAt: opening.dueAt,
    captureMode: opening.captureMode,
    ...(payment.status === 'authorized'
      ? {
          authorized: {
            amount: payment.authorization.amount,
            ...(payment.wish === undefined ? {} : { wish: payment.wish }),
          },
        }
      : {}),
    // its page is used where another amount was paid there
    ...(session && payment.status === 'ready' && payment.mismatches.length === 0 ? { link: session.url } : {}),
    ...(lastAttempt
      ? {
          lastAttempt: {
            code: lastAttempt.code,
            ...(lastAttempt.declineCode === undefined ? {} : { declineCode: lastAttempt.declineCode }),
          },
        }
      : {}),
    mismatches: otherMoneyOf(payment).map((one) => representOther(payment, one)),
    refunds: payment.refunds.map(representRefund),
    foreignRefunds: payment.foreignRefunds.map(({ providerRefundId, amount: gone, code }) => ({
      providerRefundId,
      amount: gone,
      ...(code === undefined ? {} : { code }),
    })),
    disputes: payment.disputes.map(({ disputeId, amount: disputed, status, evidenceDueBy }) => ({
      id: disputeId,
      amount: disputed,
      status,
      ...(evidenceDueBy === undefined ? {} : { evidenceDueBy }),
    })),
  };
}

function representOther(
  payment: ExistingPayment,
  { intentId, expected, actual, state }: OtherMoney,
): PaymentView['mismatches'][number] {
  const held = payment.status === 'authorized' ? [payment.authorization] : [];
  const counted = [...payment.captures, ...held].find((one) => one.intentId === intentId && equals(one.amount, actual));
  const accepted = counted?.accepted;
  return { expected, actual, state, ...(accepted === undefined ? {} : { accepted }) };
}

export const representRefund = (refund: Refund): RefundView => ({
  id: refund.refundId,
  state: refund.state,
  amount: refund.amount,
  reason: refund.reason,
  approval: refund.approval,
  requestedBy: refund.requestedBy,
  requestedAt: refund.requestedAt,
  ...(refund.approvedBy === undefined ? {} : { approvedBy: refund.approvedBy }),
  ...(refund.code === undefined ? {} : { code: refund.code }),
  ...(refund.note === undefined ? {} : { note: refund.note }),
});
