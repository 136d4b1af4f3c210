import { type ExistingOrder, order, type OrderCommand, type OrderEvent } from '../../../../src/domain/order/index.js';
import { eur, idOf, orderLine } from '../../../support/fixtures.js';
import { anAmendment, commands, nextPayments } from './histories.js';

type Amend = Extract<OrderCommand, { type: 'AmendOrder' }>;
type Amended = Extract<OrderEvent, { type: 'OrderAmended' }>['data'];
/** Nobody counts it, so it is there. */
export const another = orderLine(3, { qty: 1, track: false });
export const amend = (change: Partial<Amend>): Amend => ({ ...commands.AmendOrder, add: [], drop: [], ...change });
export const amended = (change: Partial<Amended>): OrderEvent => ({
  type: 'OrderAmended',
  data: {
    amendmentId: anAmendment,
    changes: [],
    totalBefore: eur(2000),
    totalAfter: eur(2000),
    settlement: 'none',
    by: 'staff',
    ...change,
  },
});
export const added = { op: 'add', lineId: another.lineId, after: another } as const;
export const dropped = (n: number, qty: number) =>
  ({ op: 'drop', lineId: idOf('line', n), before: 2, after: 2 - qty, amount: eur(500 * qty) }) as const;
export const requested = (amount: number, ordinal = 2): OrderEvent => ({
  type: 'PaymentRequested',
  data: { ...nextPayments[ordinal - 2]!, amount: eur(amount), purpose: 'additional' },
});
export const stateAfter = (...events: readonly OrderEvent[]): ExistingOrder =>
  events.reduce<ReturnType<typeof order.evolve>>(order.evolve, order.initial) as ExistingOrder;
