import { type ExistingOrder, type OrderEvent, owedFor, paidTowards } from '../../domain/order/index.js';
import type { Message, Of } from './message.js';
import { orderBlock } from './orderBlock.js';

type OrderFact = Of<
  OrderEvent,
  | 'OrderPlaced'
  | 'OrderAccepted'
  | 'PaymentLinkAttached'
  | 'PaymentApplied'
  | 'OrderConfirmed'
  | 'OrderRejected'
  | 'OrderExpired'
  | 'OrderCancelled'
  | 'CancellationDeclined'
  | 'OrderHeld'
  | 'OrderHoldResolved'
  | 'LinesCancelled'
  | 'OrderAmended'
  | 'FulfilmentProgressed'
  | 'OrderFulfilled'
  | 'OrderCompleted'
  | 'PaymentRequested'
>;

/** What an event of an order tells other services, given the order just after it. */
export function orderMessage(event: OrderFact, state: ExistingOrder): Message | undefined {
  const block = orderBlock(state);
  const subject = block.id;
  switch (event.type) {
    case 'OrderPlaced':
      return { type: 'order.created.v1', subject, data: { order: block } };
    case 'OrderAccepted':
      return {
        type: 'order.accepted.v1',
        subject,
        data: {
          order: block,
          ...event.data,
          ...(state.details.captureMode === 'manual' ? { captureMode: 'manual' } : {}),
        },
      };
    case 'PaymentRequested': {
      const { paymentId, ordinal, amount, dueAt, insteadOf } = event.data;
      const { captureMode } = state.details;
      // money that was held once, and let go, is taken the next time
      const isHeld = insteadOf !== undefined && captureMode === 'manual' && state.authorizationLost !== true;
      return {
        type: 'payment.requested.v1',
        subject: paymentId,
        data: { order: block, paymentId, ordinal, amount, dueAt, ...(isHeld ? { captureMode } : {}) },
      };
    }
    case 'PaymentLinkAttached': {
      const { paymentId, expiresAt } = event.data;
      const more =
        state.requested?.find((one) => one.paymentId === paymentId) ??
        (state.awaited?.paymentId === paymentId ? state.awaited : undefined);
      const dueAt = more?.dueAt ?? expiresAt;
      const amount = more?.amount ?? owedFor(state);
      const data = { paymentId, orderId: block.id, orderNumber: block.number, amount, dueAt };
      return { type: 'payment.link_ready.v1', subject: paymentId, data };
    }
    case 'PaymentApplied': {
      const { paymentId, amount, method } = event.data;
      const total = owedFor(state).amount;
      const paid = paidTowards(state);
      // what comes on top of a total that was covered before is no second "paid"
      const covers = paid >= total && paid - amount.amount < total;
      return covers
        ? { type: 'order.paid.v1', subject, data: { order: block, payments: [{ paymentId, amount, method }] } }
        : undefined;
    }
    case 'OrderConfirmed':
      return { type: 'order.confirmed.v1', subject, data: { order: block, basis: event.data.basis } };
    case 'OrderRejected':
      return { type: 'order.rejected.v1', subject, data: { order: block, reasons: event.data.reasons } };
    case 'OrderExpired':
      return { type: 'order.expired.v1', subject, data: { order: block } };
    case 'OrderCancelled':
      return { type: 'order.cancelled.v1', subject, data: { order: block, ...event.data } };
    case 'CancellationDeclined': {
      const { cancellation } = state;
      if (cancellation === undefined) return undefined;
      const { reason, by } = cancellation;
      return { type: 'order.cancellation_declined.v1', subject, data: { order: block, ...event.data, reason, by } };
    }
    case 'OrderHeld': {
      const { kind, detail, decideBy } = event.data;
      return { type: 'order.held.v1', subject, data: { order: block, kind, detail, decideBy } };
    }
    case 'OrderHoldResolved': {
      const { decision, by, paymentDueAt } = event.data;
      const due = paymentDueAt === undefined ? {} : { paymentDueAt };
      return { type: 'order.hold_resolved.v1', subject, data: { order: block, decision, by, ...due } };
    }
    case 'LinesCancelled': {
      const { lines, reason, by } = event.data;
      return { type: 'order.lines_cancelled.v1', subject, data: { order: block, lines, reason, by } };
    }
    case 'OrderAmended': {
      const { amendmentId, totalBefore: before, totalAfter: after } = event.data;
      const delta = { ...after, amount: after.amount - before.amount };
      return { type: 'order.amended.v1', subject, data: { order: block, amendmentId, before, after, delta } };
    }
    case 'FulfilmentProgressed':
      return { type: 'order.progressed.v1', subject, data: { order: block, stage: event.data.stage } };
    case 'OrderFulfilled':
      return { type: 'order.fulfilled.v1', subject, data: { order: block } };
    case 'OrderCompleted':
      return { type: 'order.completed.v1', subject, data: { order: block } };
  }
}
