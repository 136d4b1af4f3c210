import { alreadyTrue, type Decision, record, refuse } from '../kernel/decision.js';
import { illegalTransition } from '../kernel/rejections.js';
import type { OrderCommand } from './commands.js';
import type { OrderEvent } from './events.js';
import { allowedActions, isDead } from './facets.js';
import type { OrderRejection } from './rejections.js';
import type { ExistingOrder } from './state.js';

type Command<Type extends OrderCommand['type']> = Extract<OrderCommand, { type: Type }>;
type OrderDecision = Decision<OrderRejection, OrderEvent>;

/** Notes where the customer pays, so that the order is shown from its own stream alone. */
export function attachLink(command: Command<'AttachPaymentLink'>, order: ExistingOrder): OrderDecision {
  const { paymentId, url, expiresAt } = command;
  if (order.link?.paymentId === paymentId && order.link.url === url) return alreadyTrue;
  if (order.status !== 'awaiting_payment') return refuse(illegalTransition(order.status, allowedActions(order)));
  const awaited = order.awaited?.paymentId ?? null;
  if (awaited !== paymentId) return refuse({ _tag: 'PaymentNotAwaited', paymentId, awaited });
  return record({ type: 'PaymentLinkAttached', data: { paymentId, url, expiresAt } });
}

/**
 * Counts captured money, in whatever status: money that came is never refused. What covers the total confirms the
 * order; what a dead order received, or what exceeds the total, is due back.
 */
export function applyPayment(command: Command<'ApplyPayment'>, order: ExistingOrder): OrderDecision {
  const { paymentId, intentId, amount, method } = command;
  const { total } = order.details;
  if (order.applied.some((one) => one.paymentId === paymentId && one.intentId === intentId)) return alreadyTrue;
  if (amount.currency !== total.currency) {
    return refuse({ _tag: 'CurrencyMismatch', currencies: [total.currency, amount.currency] });
  }
  if (amount.amount <= 0) return refuse({ _tag: 'InvalidAmount', ...amount });
  const capturedTotal = { ...total, amount: order.captured.amount + amount.amount };
  const events: OrderEvent[] = [
    { type: 'PaymentApplied', data: { paymentId, intentId, amount, capturedTotal, method } },
  ];
  if (order.status === 'awaiting_payment' && capturedTotal.amount >= total.amount) {
    events.push({ type: 'OrderConfirmed', data: { basis: 'captured' } });
  }
  const owed = isDead(order) ? 0 : total.amount;
  const excess = capturedTotal.amount - order.refundDue.amount - owed;
  if (excess > 0) {
    events.push({
      type: 'RefundDue',
      data: {
        refundKey: `payment:${paymentId}:${intentId}`,
        amount: { ...total, amount: excess },
        reason: isDead(order) ? 'late_payment' : 'overpaid',
        approval: 'auto',
      },
    });
  }
  return record(...events);
}

/** The refund of whatever an order that now ends had been paid; `cause` keeps it from being asked for twice. */
export function refundOfWhatWasPaid(
  order: ExistingOrder,
  cause: 'rejected' | 'expired' | 'cancelled',
): readonly OrderEvent[] {
  const amount = { ...order.captured, amount: order.captured.amount - order.refundDue.amount };
  if (amount.amount <= 0) return [];
  return [{ type: 'RefundDue', data: { refundKey: `order:${cause}`, amount, reason: 'cancelled', approval: 'auto' } }];
}
