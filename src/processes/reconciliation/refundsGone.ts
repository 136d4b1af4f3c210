import type { DomainEvent } from '../../domain/events.js';
import type { Money } from '../../domain/kernel/money.js';
import { type ForeignRefund, hasGone, type Payment, type Refund } from '../../domain/payment/index.js';
import type { BookedRefund } from '../ports/providerBooks.js';

/** A refund by which a payment recorded that money went back, and that has not failed since. */
export interface GoneRefund {
  /** Ours, or the provider's of one that was made there. */
  readonly name: string;
  /** Empty: nobody wrote it down. */
  readonly providerRefundId: string;
  readonly intentId?: string;
  readonly amount: Money;
}

const oursIn = (state: Payment, refundId: string | undefined): Refund | undefined =>
  state.status === 'none' ? undefined : state.refunds.find((one) => one.refundId === refundId);

const foreignIn = (state: Payment, providerRefundId: string | undefined): ForeignRefund | undefined =>
  state.status === 'none' ? undefined : state.foreignRefunds.find((one) => one.providerRefundId === providerRefundId);

/** Whether our payment takes a refund of the provider for money that has gone. */
export function isGone({ refundId, providerRefundId }: BookedRefund, state: Payment): boolean {
  const ours = oursIn(state, refundId);
  if (ours) return ours.state === 'succeeded';
  const foreign = foreignIn(state, providerRefundId);
  return foreign !== undefined && hasGone(foreign);
}

/** Whether our payment takes it for money that has gone, or is on its way. */
export const isCounted = (refund: BookedRefund, state: Payment): boolean =>
  oursIn(state, refund.refundId)?.state === 'submitted' || isGone(refund, state);

/** The refund that an event of a payment said had gone; undefined: it says nothing like that, or failed later. */
export function refundGone(event: DomainEvent, state: Payment): GoneRefund | undefined {
  if (event.type === 'RefundSucceeded') {
    const { refundId, amount } = event.data;
    const its = oursIn(state, refundId);
    if (its?.state !== 'succeeded') return undefined;
    const { providerRefundId = '', intentId } = its;
    return { name: refundId, providerRefundId, intentId, amount };
  }
  if (event.type === 'ForeignRefundRecorded') {
    const { providerRefundId, amount } = event.data;
    const its = foreignIn(state, providerRefundId);
    if (its === undefined || !hasGone(its)) return undefined;
    const { intentId } = its;
    return { name: providerRefundId, providerRefundId, ...(intentId === undefined ? {} : { intentId }), amount };
  }
  return undefined;
}
