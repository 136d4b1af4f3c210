import { assertNever } from '../kernel/assertNever.js';
import { zero } from '../kernel/money.js';
import type { OrderEvent } from './events.js';
import type { ExistingOrder, Order, OrderFacts } from './state.js';

/** The order after an event. Total: a fact that fits nothing changes nothing. */
export function evolve(order: Order, event: OrderEvent): Order {
  if (order.status === 'none') return event.type === 'OrderPlaced' ? placed(event.data) : order;
  switch (event.type) {
    case 'OrderPlaced':
      return order;
    case 'StockSecured':
      return { ...order, gates: { ...order.gates, stock: 'secured' } };
    case 'StockShort':
      return { ...order, gates: { ...order.gates, stock: 'short' } };
    case 'OrderRejected':
      return { ...facts(order), status: 'rejected', reasons: event.data.reasons };
    case 'OrderAccepted': {
      // with nothing to pay the confirmation follows in the same append
      const { paymentId, paymentDueAt } = event.data;
      if (paymentId === undefined || paymentDueAt === undefined) return order;
      return { ...facts(order), status: 'awaiting_payment', awaited: { paymentId, dueAt: paymentDueAt } };
    }
    case 'PaymentLinkAttached':
      return { ...order, link: event.data };
    case 'PaymentApplied': {
      const { paymentId, intentId, capturedTotal } = event.data;
      return { ...order, captured: capturedTotal, applied: [...order.applied, { paymentId, intentId }] };
    }
    case 'RefundDue':
      // no Money.add: it throws on another currency, and whatever was stored must fold
      return {
        ...order,
        refundDue: { ...order.refundDue, amount: order.refundDue.amount + event.data.amount.amount },
      };
    case 'OrderConfirmed':
      return { ...facts(order), status: 'confirmed' };
    case 'OrderExpired':
      return { ...facts(order), status: 'expired' };
    case 'OrderCancelled':
      return { ...facts(order), status: 'cancelled' };
    case 'FulfilmentStarted':
      return { ...facts(order), status: 'in_fulfilment', stage: 'queued', tickets: event.data.tickets };
    case 'FulfilmentProgressed':
      return order.status === 'in_fulfilment' ? { ...order, stage: event.data.stage } : order;
    case 'LinesFulfilled':
      return handedOver(order, event.data.by, event.data.lines);
    case 'OrderFulfilled':
      return { ...facts(order), status: 'fulfilled' };
    case 'OrderCompleted':
      return { ...facts(order), status: 'completed' };
    default:
      return assertNever(event);
  }
}

function placed(details: OrderFacts['details']): Order {
  const { gates, lines, total } = details;
  return {
    status: 'placed',
    details,
    lines: lines.map((line) => ({ ...line, cancelled: 0, fulfilled: 0 })),
    gates: {
      check: gates.check === 'required' ? 'pending' : 'skipped',
      stock: gates.stock === 'required' ? 'pending' : 'skipped',
      discounts: gates.discounts === 'required' ? 'pending' : 'skipped',
    },
    captured: zero(total.currency),
    refundDue: zero(total.currency),
    applied: [],
    awaited: undefined,
    link: undefined,
    tickets: [],
    handOvers: [],
  };
}

function handedOver(order: ExistingOrder, by: string, handed: readonly Handed[]): Order {
  const qtyOf = (lineId: string): number =>
    handed.reduce((qty, line) => (line.lineId === lineId ? qty + line.qty : qty), 0);
  return {
    ...order,
    lines: order.lines.map((line) => ({ ...line, fulfilled: line.fulfilled + qtyOf(line.lineId) })),
    handOvers: [...order.handOvers, ...handed.map(({ lineId, qty }) => ({ by, lineId, qty }))],
  };
}
type Handed = Pick<OrderFacts['handOvers'][number], 'lineId' | 'qty'>;

/** What outlives a change of status, without what belonged to the old one. */
function facts(order: ExistingOrder): OrderFacts {
  const { details, lines, gates, captured, refundDue, applied, awaited, link, tickets, handOvers } = order;
  return { details, lines, gates, captured, refundDue, applied, awaited, link, tickets, handOvers };
}
