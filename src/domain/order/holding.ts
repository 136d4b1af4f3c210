import { alreadyTrue, type Decision, record, refuse } from '../kernel/decision.js';
import { illegalTransition } from '../kernel/rejections.js';
import { acceptIfGatesClosed, confirmIfCovered } from './accepting.js';
import { askedInstead } from './awaiting.js';
import { cancelWhatIsOpen, takeOut } from './cancelling.js';
import type { OrderCommand } from './commands.js';
import type { OrderEvent } from './events.js';
import { evolve } from './evolve.js';
import { allowedActions } from './allowed.js';
import { merged, openLines, whyNotOpen } from './quantities.js';
import type { OrderRejection, PaidInAnotherCurrency } from './rejections.js';
import type { ExistingOrder, Hold, OnHold, Order } from './state.js';
import { refundOfWhatWasPaid } from './sums.js';

type Command<Type extends OrderCommand['type']> = Extract<OrderCommand, { type: Type }>;
type OrderDecision = Decision<OrderRejection, OrderEvent>;

const TO_LOOK_AT = 'the check engine wants somebody to look at it';

/** For what an order may be held where; a shortage is one of goods that it had been promised. */
const HOLDABLE: Partial<Record<ExistingOrder['status'], readonly Hold['kind'][]>> = {
  placed: ['shortage', 'review', 'manual'],
  awaiting_payment: ['shortage', 'mismatch', 'manual'],
  confirmed: ['shortage', 'review', 'manual'],
};

/** Somebody has to look at the order before it goes on. */
export function holdOrder(command: Command<'HoldOrder'>, order: ExistingOrder): OrderDecision {
  const { kind, detail, decideBy, unpaidOnly, soldOut } = command;
  if (order.status === 'on_hold' && order.hold.kind === kind) return alreadyTrue;
  const { status } = order;
  if (status !== 'placed' && status !== 'awaiting_payment' && status !== 'confirmed') return notNow(order);
  if (!HOLDABLE[status]?.includes(kind) || (unpaidOnly && status === 'confirmed')) return notNow(order);
  const named = soldOut === undefined ? {} : { soldOut };
  return record({ type: 'OrderHeld', data: { kind, detail, decideBy, resumeTo: status, ...named } });
}

/** The decision on a held order: it goes on, with fewer lines perhaps, or it ends. */
export function resolveHold(command: Command<'ResolveHold'>, order: ExistingOrder): OrderDecision {
  const { decision, by, at, resolutionId } = command;
  if (resolutionId !== undefined && order.resolutions?.includes(resolutionId)) return alreadyTrue;
  if (order.status !== 'on_hold') return notNow(order);
  const { decideBy, kind } = order.hold;
  if (by === 'system' ? at < decideBy : at >= decideBy) return refuse({ _tag: 'HoldExpired', decideBy });
  if (by === 'customer' && kind !== 'shortage') return notNow(order);
  const foreign = decision === 'reject' ? undefined : inAnotherCurrency(command, order);
  if (foreign) return refuse(foreign);
  switch (decision) {
    case 'accept':
      return record(...resume(order, command));
    case 'reject':
      return record<OrderEvent>({ type: 'OrderHoldResolved', data: resolution(command) }, ...end(order, command));
    case 'amend':
      return amend(command, order);
  }
}

/** What waits for this decision and cannot count on the order, as it is in another currency. */
function inAnotherCurrency({ money = [] }: Command<'ResolveHold'>, order: OnHold): PaidInAnotherCurrency | undefined {
  const { currency } = order.details.total;
  const foreign = order.hold.kind === 'mismatch' ? money.find(({ amount }) => amount.currency !== currency) : undefined;
  return foreign && { _tag: 'PaidInAnotherCurrency', paid: foreign.amount, currency };
}

function amend(command: Command<'ResolveHold'>, order: OnHold): OrderDecision {
  const lines = command.lines ?? [];
  if (lines.length === 0) return refuse({ _tag: 'NoLines' });
  const rejection = whyNotOpen(lines, order);
  if (rejection) return refuse(rejection);
  const { by, at } = command;
  const dropped = takeOut(order, merged(lines), { reason: command.reason ?? order.hold.detail, by, at });
  const after = dropped.reduce<Order>(evolve, order);
  // with nothing left the order is over, and there is nothing to go on with
  if (after.status !== 'on_hold') {
    return record<OrderEvent>({ type: 'OrderHoldResolved', data: resolution(command) }, ...dropped);
  }
  return record<OrderEvent>(...dropped, ...resume(after, command));
}

/**
 * The order goes on where it was held; what came meanwhile may take it further at once, and what came as another amount than was
 * asked for counts from now on. A customer who takes fewer goods
 * has not looked through the order for us: where the check wants that, it is held again.
 */
function resume(order: OnHold, command: Command<'ResolveHold'>): readonly OrderEvent[] {
  const { at, acceptance, another, money = [], reason } = command;
  // that it counts is what was decided, and why: counting it follows
  const counts = order.hold.kind === 'mismatch' && money.length > 0;
  const data = { ...resolution(command), ...(counts ? { money, ...(reason === undefined ? {} : { reason }) } : {}) };
  const resolved: OrderEvent = { type: 'OrderHoldResolved', data };
  const resumed = evolve(order, resolved) as ExistingOrder;
  if (resumed.status === 'placed' && resumed.gates.check === 'review') {
    const { decideBy } = order.hold;
    return [
      resolved,
      { type: 'OrderHeld', data: { kind: 'review', detail: TO_LOOK_AT, decideBy, resumeTo: 'placed' } },
    ];
  }
  const further = [...acceptIfGatesClosed(resumed, acceptance), ...confirmIfCovered(resumed)];
  if (resumed.status !== 'awaiting_payment' || further.length > 0) return [resolved, ...further];
  // nobody could pay it while it was held: the time to pay begins anew, and is never shortened
  const paymentDueAt = [resumed.awaited?.dueAt ?? '', acceptance.paymentDueAt].sort().at(-1) ?? '';
  const goesOn: OrderEvent = { type: 'OrderHoldResolved', data: { ...data, paymentDueAt } };
  return [goesOn, ...(another ? askedInstead({ ...another, at }, evolve(order, goesOn)) : [])];
}

/** What was never confirmed is rejected; a confirmed order is called off as far as it is open. */
function end(order: OnHold, { reason, by, at }: Command<'ResolveHold'>): readonly OrderEvent[] {
  const why = reason ?? order.hold.detail;
  if (order.hold.resumeTo === 'confirmed' && openLines(order).length > 0) {
    return cancelWhatIsOpen(order, { reason: why, by, at });
  }
  return [
    { type: 'OrderRejected', data: { reasons: [{ type: `hold-${order.hold.kind}`, text: why }] } },
    ...refundOfWhatWasPaid(order, 'rejected'),
  ];
}

const resolution = ({ decision, by, resolutionId }: Command<'ResolveHold'>) => ({
  decision,
  by,
  ...(resolutionId === undefined ? {} : { resolutionId }),
});

const notNow = (order: ExistingOrder): OrderDecision => refuse(illegalTransition(order.status, allowedActions(order)));
