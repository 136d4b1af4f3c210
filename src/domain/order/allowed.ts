import { assertNever } from '../kernel/assertNever.js';
import { allottedUnits, isAmendable, isDead, isWithKitchen, openQty, preparationHasBegun } from './facets.js';
import type { CancellationEnd } from '../settings/settings.js';
import type { OrderAction } from './shown.js';
import type { ExistingOrder } from './state.js';
import { isMadeToOrder, isShipped } from './ways.js';

/** What the staff may do with the order next, by the same guards as the decider. */
export function allowedActions(order: ExistingOrder): readonly OrderAction[] {
  const refund: readonly OrderAction[] = order.captured.amount > order.refundDue.amount ? ['refund'] : [];
  return [...byStatus(order), ...delivery(order), ...promise(order), ...refund];
}

/** Another time, of what is fetched or eaten there. */
function promise(order: ExistingOrder): readonly OrderAction[] {
  const { mode } = order.details;
  const over = isDead(order) || order.status === 'fulfilled' || order.status === 'completed';
  return over || !isMadeToOrder(mode) || isShipped(mode) || preparationHasBegun(order) ? [] : ['change_promise'];
}

function delivery(order: ExistingOrder): readonly OrderAction[] {
  if (!isShipped(order.details.mode)) return [];
  const waits = order.cancellation?.state !== 'pending';
  const loose = order.lines.some((line) => openQty(line) > allottedUnits(order, line.lineId));
  const left = order.shipments.some(({ state }) => state === 'dispatched' || state === 'delivered');
  const over = isDead(order) || order.status === 'fulfilled' || order.status === 'completed';
  return [
    ...(order.status === 'in_fulfilment' && waits && loose ? (['ship'] as const) : []),
    ...(over || left ? [] : (['change_delivery'] as const)),
  ];
}

/**
 * The same for the customer whose order it is; a refund is asked for, not granted.
 * @param until what ends the time in which customers cancel by themselves
 */
export function allowedToCustomer(
  order: ExistingOrder,
  until: CancellationEnd = 'preparation',
): readonly OrderAction[] {
  const begun = isWithKitchen(order) && preparationHasBegun(order);
  const mayCancel = isWithKitchen(order) ? until === 'preparation' && !begun : true;
  return allowedActions(order).filter((action) => {
    switch (action) {
      case 'pay':
      case 'complete':
      case 'change_delivery':
      case 'change_promise':
        return true;
      case 'cancel':
      case 'cancel_lines':
        return mayCancel;
      case 'amend':
        return !begun;
      case 'resolve_hold':
        return order.status === 'on_hold' && order.hold.kind === 'shortage';
      case 'hold':
      case 'confirm_pay_later':
      case 'refund':
      case 'ship':
      case 'take_back':
        return false;
      default:
        return assertNever(action);
    }
  });
}

const takeBack = ({ lines }: ExistingOrder): readonly OrderAction[] =>
  lines.some(({ fulfilled, returned = 0 }) => fulfilled > returned) ? ['take_back'] : [];

function byStatus(order: ExistingOrder): readonly OrderAction[] {
  const cancel: readonly OrderAction[] = order.cancellation?.state === 'pending' ? [] : ['cancel'];
  const amend: readonly OrderAction[] = isAmendable(order) ? ['amend'] : [];
  switch (order.status) {
    case 'placed':
      return ['cancel', 'hold'];
    case 'on_hold':
      return [...cancel, 'resolve_hold'];
    case 'awaiting_payment':
      return [...(order.link ? (['pay'] as const) : []), 'cancel', 'hold', 'confirm_pay_later'];
    case 'confirmed':
      return [...cancel, 'cancel_lines', ...amend, 'hold'];
    case 'in_fulfilment':
      return [...cancel, 'cancel_lines', ...amend];
    case 'fulfilled':
      return ['complete', ...takeBack(order)];
    case 'completed':
      return takeBack(order);
    case 'rejected':
    case 'expired':
    case 'cancelled':
      return [];
    default:
      return assertNever(order);
  }
}
