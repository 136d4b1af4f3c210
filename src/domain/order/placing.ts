import { alreadyTrue, type Decision, record, refuse } from '../kernel/decision.js';
import { illegalTransition } from '../kernel/rejections.js';
import type { Acceptance, OrderCommand } from './commands.js';
import type { OrderEvent, RejectionReason, Shortage } from './events.js';
import { evolve } from './evolve.js';
import { allowedActions, isDead } from './facets.js';
import { MAXIMUM_LINES, MAXIMUM_QUANTITY } from './limits.js';
import { refundOfWhatWasPaid } from './paying.js';
import type { OrderRejection } from './rejections.js';
import { type ExistingOrder, notPlaced, type Order } from './state.js';

type Command<Type extends OrderCommand['type']> = Extract<OrderCommand, { type: Type }>;
type OrderDecision = Decision<OrderRejection, OrderEvent>;

type PlacingPolicy = (command: Command<'PlaceOrder'>) => OrderRejection | undefined;

const modeIsOffered: PlacingPolicy = ({ order: { mode }, allowedModes }) =>
  allowedModes.includes(mode) ? undefined : { _tag: 'ModeNotOffered', mode, offered: allowedModes };

const lineCountIsInRange: PlacingPolicy = ({ order: { lines } }) =>
  lines.length >= 1 && lines.length <= MAXIMUM_LINES
    ? undefined
    : { _tag: 'LineCountOutOfRange', count: lines.length, minimum: 1, maximum: MAXIMUM_LINES };

const quantitiesAreInRange: PlacingPolicy = ({ order: { lines } }) => {
  const wrong = lines.find(({ qty }) => !Number.isInteger(qty) || qty < 1 || qty > MAXIMUM_QUANTITY);
  return (
    wrong && { _tag: 'InvalidQuantity', quantity: wrong.qty, minimum: 1, maximum: MAXIMUM_QUANTITY, sku: wrong.sku }
  );
};

const oneCurrency: PlacingPolicy = ({ order: { lines, total } }) => {
  const currencies = [...new Set([...lines.map(({ net }) => net.currency), total.currency])];
  return currencies.length === 1 ? undefined : { _tag: 'CurrencyMismatch', currencies };
};

const totalIsNoDebt: PlacingPolicy = ({ order: { total } }) =>
  total.amount >= 0 ? undefined : { _tag: 'InvalidAmount', ...total };

/** What must hold for an order to be placed, in the order in which it is told. */
const policies: readonly PlacingPolicy[] = [
  modeIsOffered,
  lineCountIsInRange,
  quantitiesAreInRange,
  oneCurrency,
  totalIsNoDebt,
];

/** Places the order; with no gate to wait for it is accepted in the same breath. */
export function placeOrder(command: Command<'PlaceOrder'>): OrderDecision {
  for (const policy of policies) {
    const rejection = policy(command);
    if (rejection) return refuse(rejection);
  }
  const placed: OrderEvent = { type: 'OrderPlaced', data: command.order };
  return record(placed, ...acceptIfGatesClosed(evolve(notPlaced, placed), command.acceptance));
}

/** All stock of the order is reserved: closes the stock gate, and accepts the order if it was the last. */
export function secureStock(command: Command<'RecordStockSecured'>, order: ExistingOrder): OrderDecision {
  if (isDead(order)) return refuse(illegalTransition(order.status, allowedActions(order)));
  if (order.gates.stock !== 'pending') return alreadyTrue;
  const reserved = new Set(command.reservations.map(({ lineId }) => lineId));
  const missing = order.lines.filter(({ track, lineId }) => track && !reserved.has(lineId));
  if (missing.length > 0) return refuse({ _tag: 'LinesNotReserved', lineIds: missing.map(({ lineId }) => lineId) });
  const secured: OrderEvent = { type: 'StockSecured', data: { reservations: command.reservations } };
  return record(secured, ...acceptIfGatesClosed(evolve(order, secured), command.acceptance));
}

/** Something is not there: the order is rejected and names it. Holding a short order instead is not offered yet. */
export function stockShort({ shortages }: Command<'RecordStockShort'>, order: ExistingOrder): OrderDecision {
  if (order.status === 'rejected' && order.gates.stock === 'short') return alreadyTrue;
  if (order.status !== 'placed' || order.gates.stock !== 'pending') {
    return refuse(illegalTransition(order.status, allowedActions(order)));
  }
  return record<OrderEvent>(
    { type: 'StockShort', data: { shortages } },
    { type: 'OrderRejected', data: { reasons: shortages.map(reasonOf) } },
    ...refundOfWhatWasPaid(order, 'rejected'),
  );
}

const reasonOf = (shortage: Shortage): RejectionReason => ({
  type: 'insufficient-stock',
  text: `${shortage.name}: ${shortage.wanted} wanted, ${shortage.available} available`,
  ...shortage,
});

/** Accepts an order whose gates are all closed; with nothing left to pay, or payment later, it is confirmed at once. */
function acceptIfGatesClosed(order: Order, acceptance: Acceptance): readonly OrderEvent[] {
  if (order.status !== 'placed' || Object.values(order.gates).includes('pending')) return [];
  const { total, paymentMode } = order.details;
  const amountDue = { ...total, amount: Math.max(0, total.amount - order.captured.amount) };
  if (amountDue.amount > 0 && paymentMode !== 'pay_later') {
    return [{ type: 'OrderAccepted', data: { amountDue, ...acceptance } }];
  }
  const basis = amountDue.amount > 0 ? 'pay_later' : order.captured.amount > 0 ? 'captured' : 'zero_total';
  return [
    { type: 'OrderAccepted', data: { amountDue } },
    { type: 'OrderConfirmed', data: { basis } },
  ];
}
