import { alreadyTrue, type Decision, record, refuse } from '../kernel/decision.js';
import type { Money } from '../kernel/money.js';
import type { LineQuantity, OrderCommand } from './commands.js';
import type { OrderEvent } from './events.js';
import { unitsByLine } from './quantities.js';
import type { OrderRejection } from './rejections.js';
import type { ExistingOrder } from './state.js';
import { priceOf, refundable } from './sums.js';

type Command<Type extends OrderCommand['type']> = Extract<OrderCommand, { type: Type }>;
type OrderDecision = Decision<OrderRejection, OrderEvent>;

/**
 * Money goes back although nothing was cancelled: up to a limit at once, beyond it when somebody approves. What was given
 * away for the order before counts, so that no favour passes the limit in parts.
 */
export function grantRefund(command: Command<'GrantRefund'>, order: ExistingOrder): OrderDecision {
  const { refundKey, refund, reason, note, automaticUpTo } = command;
  if (order.refundKeys.includes(refundKey)) return alreadyTrue;
  const amount = 'amount' in refund ? refund.amount : costOf(refund.lines, order);
  if ('_tag' in amount) return refuse(amount);
  const { currency } = order.captured;
  if (amount.currency !== currency)
    return refuse({ _tag: 'CurrencyMismatch', currencies: [currency, amount.currency] });
  if (!Number.isSafeInteger(amount.amount) || amount.amount <= 0) return refuse({ _tag: 'InvalidAmount', ...amount });
  if (amount.amount > refundable(order)) {
    return refuse({
      _tag: 'RefundExceedsCaptured',
      wanted: amount,
      refundable: { currency, amount: refundable(order) },
    });
  }
  return record({
    type: 'RefundDue',
    data: {
      refundKey,
      amount,
      reason,
      approval: order.goodwill.amount + amount.amount <= automaticUpTo ? 'auto' : 'required',
      ...('lines' in refund ? { lines: refund.lines } : {}),
      ...(note === undefined ? {} : { note }),
    },
  });
}

/** What these units of the order cost, handed over or not. */
function costOf(lines: readonly LineQuantity[], order: ExistingOrder): Money | OrderRejection {
  if (lines.length === 0) return { _tag: 'NoLines' };
  const wrong = lines.find(({ qty }) => !Number.isSafeInteger(qty) || qty < 1);
  if (wrong) return { _tag: 'InvalidQuantity', quantity: wrong.qty, minimum: 1, maximum: Number.MAX_SAFE_INTEGER };
  const byId = new Map(order.lines.map((line) => [line.lineId, line]));
  const wanted = [...unitsByLine(lines)];
  const missing = wanted.filter(([lineId, qty]) => qty > (byId.get(lineId)?.qty ?? 0));
  if (missing.length > 0) {
    return {
      _tag: 'QuantityNotAvailable',
      lines: missing.map(([lineId, qty]) => ({ lineId, wanted: qty, available: byId.get(lineId)?.qty ?? 0 })),
    };
  }
  const amount = wanted.reduce((sum, [lineId, qty]) => {
    const line = byId.get(lineId);
    return line ? sum + priceOf(order, line, 0, qty).amount : sum;
  }, 0);
  return { ...order.captured, amount };
}

/**
 * How a refund ended, as its payment tells. Once for each end: what looked good may fail later. Money that failed to go
 * back can be given back anew.
 */
export function recordRefund(command: Command<'RecordRefund'>, order: ExistingOrder): OrderDecision {
  const { paymentId, refundId, amount } = command;
  const known = order.settledRefunds.find((one) => one.refundId === refundId);
  if (known?.outcome === command.outcome) return alreadyTrue;
  if (amount.currency !== order.captured.currency) {
    return refuse({ _tag: 'CurrencyMismatch', currencies: [order.captured.currency, amount.currency] });
  }
  const foreign = command.foreign === true ? { foreign: true } : {};
  if (command.outcome === 'failed') {
    const { code, reason } = command;
    // nobody had asked the order for it, and it never counted
    if (command.foreign === true && known === undefined) return alreadyTrue;
    const data = { paymentId, refundId, amount, code, ...(reason === undefined ? {} : { reason }), ...foreign };
    return record({ type: 'RefundFailedNoted', data });
  }
  return record({ type: 'RefundApplied', data: { paymentId, refundId, amount, ...foreign } });
}
