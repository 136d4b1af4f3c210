import { alreadyTrue, type Decision, record, refuse } from '../kernel/decision.js';
import { illegalTransition } from '../kernel/rejections.js';
import { acceptIfGatesClosed } from './accepting.js';
import type { OrderCommand } from './commands.js';
import type { OrderEvent, RejectionReason, Shortage } from './events.js';
import { evolve } from './evolve.js';
import { allowedActions } from './allowed.js';
import { isDead, openQty } from './facets.js';
import { MAXIMUM_LINES, MAXIMUM_QUANTITY } from './limits.js';
import type { OrderRejection } from './rejections.js';
import { type ExistingOrder, notPlaced } from './state.js';
import { refundOfWhatWasPaid } from './sums.js';

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

const oneCurrency: PlacingPolicy = ({ order: { lines, deliveryFee, tip, total } }) => {
  const amounts = [...lines.map(({ net }) => net), deliveryFee, tip, total];
  const currencies = [...new Set(amounts.map(({ currency }) => currency))];
  return currencies.length === 1 ? undefined : { _tag: 'CurrencyMismatch', currencies };
};

const nothingIsADebt: PlacingPolicy = ({ order: { deliveryFee, tip, total } }) => {
  const debt = [deliveryFee, tip, total].find(({ amount }) => amount < 0);
  return debt && { _tag: 'InvalidAmount', ...debt };
};

/** What must hold for an order to be placed, in the order in which it is told. */
const policies: readonly PlacingPolicy[] = [
  modeIsOffered,
  lineCountIsInRange,
  quantitiesAreInRange,
  oneCurrency,
  nothingIsADebt,
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
  const missing = order.lines.filter((line) => line.track && openQty(line) > 0 && !reserved.has(line.lineId));
  if (missing.length > 0) return refuse({ _tag: 'LinesNotReserved', lineIds: missing.map(({ lineId }) => lineId) });
  const secured: OrderEvent = { type: 'StockSecured', data: { reservations: command.reservations } };
  return record(secured, ...acceptIfGatesClosed(evolve(order, secured), command.acceptance));
}

/**
 * Something is not there. The order is rejected and names it, or is held for a decision where the customer would rather
 * wait. One that is held for something else is not held twice: it is rejected.
 */
export function stockShort({ shortages, decideBy }: Command<'RecordStockShort'>, order: ExistingOrder): OrderDecision {
  if ((order.status === 'rejected' || order.status === 'on_hold') && order.gates.stock === 'short') return alreadyTrue;
  if ((order.status !== 'placed' && order.status !== 'on_hold') || order.gates.stock !== 'pending') {
    return refuse(illegalTransition(order.status, allowedActions(order)));
  }
  const short: OrderEvent = { type: 'StockShort', data: { shortages } };
  const reasons = shortages.map(reasonOf);
  if (order.details.onShortage === 'hold' && order.status === 'placed') {
    const detail = reasons.map(({ text }) => text).join('; ');
    return record<OrderEvent>(short, {
      type: 'OrderHeld',
      data: { kind: 'shortage', detail, decideBy, resumeTo: 'placed' },
    });
  }
  return record<OrderEvent>(
    short,
    { type: 'OrderRejected', data: { reasons } },
    ...refundOfWhatWasPaid(order, 'rejected'),
  );
}

const reasonOf = (shortage: Shortage): RejectionReason => ({
  type: 'insufficient-stock',
  text: `${shortage.name}: ${shortage.wanted} wanted, ${shortage.available} available`,
  ...shortage,
});
