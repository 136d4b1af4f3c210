import type { AmendmentId, LineId } from '../kernel/ids.js';
import type { OrderEvent, OrderLine } from './events.js';
import type { AmendmentState, ExistingOrder } from './state.js';
import { costOfLine } from './sums.js';

type Amended = Extract<OrderEvent, { type: 'OrderAmended' }>['data'];
type Declined = Extract<OrderEvent, { type: 'AmendmentDeclined' }>['data'];
type Change = Amended['changes'][number];

/** The lines that an amendment brings. */
export const addedLines = (changes: readonly Change[]): readonly OrderLine[] =>
  changes.flatMap((change) => (change.op === 'add' ? [change.after] : []));

/** An amendment that had to wait for its stock; undefined where it never had to, or was never asked for. */
export const askedAmendment = (order: ExistingOrder, id: AmendmentId): AmendmentState | undefined =>
  order.askedAmendments?.find(({ amendmentId }) => amendmentId === id);

/** Whether an amendment was carried out. */
export const wasAmended = (order: ExistingOrder, id: AmendmentId): boolean =>
  order.amendments?.some(({ amendmentId }) => amendmentId === id) ?? false;

/** The order with what is known by now of an amendment that had to wait. */
function withAsked(order: ExistingOrder, id: AmendmentId, known: Partial<AmendmentState>): ExistingOrder {
  const { askedAmendments: asked } = order;
  return asked === undefined
    ? order
    : { ...order, askedAmendments: asked.map((one) => (one.amendmentId === id ? { ...one, ...known } : one)) };
}

/** The order once nothing comes of an amendment: what it was before. */
export const declinedAmendment = (order: ExistingOrder, { amendmentId, ...why }: Declined): ExistingOrder =>
  withAsked(order, amendmentId, { ...why, state: 'declined' });

/** The units that it takes out, and what they cost. */
export const droppedUnits = (changes: readonly Change[]) =>
  changes.flatMap((change) =>
    change.op === 'drop' ? [{ lineId: change.lineId, qty: change.before - change.after, amount: change.amount }] : [],
  );

/**
 * The order after its lines were amended: what came is a part of it like what was placed, what went is cancelled. No
 * arithmetic of Money here: it throws on another currency, and whatever was stored must fold.
 */
export function evolveAmendment(before: ExistingOrder, { amendmentId, changes }: Amended): ExistingOrder {
  const order = withAsked(before, amendmentId, { state: 'done' });
  const added = addedLines(changes);
  const dropped = new Map(droppedUnits(changes).map((units) => [units.lineId, units]));
  const { details } = order;
  const cost = added.reduce((sum, line) => sum + costOfLine(details, line), 0);
  const gone = [...dropped.values()].reduce((sum, { amount }) => sum + amount.amount, 0);
  const unitsGone = (lineId: LineId): number => dropped.get(lineId)?.qty ?? 0;
  return {
    ...order,
    details: {
      ...details,
      lines: [...details.lines, ...added],
      tax: taxWith(details, added),
      total: { ...details.total, amount: details.total.amount + cost },
    },
    lines: [
      ...order.lines.map((line) => ({ ...line, cancelled: line.cancelled + unitsGone(line.lineId) })),
      ...added.map((line) => ({ ...line, cancelled: 0, fulfilled: 0 })),
    ],
    cancelledAmount: { ...order.cancelledAmount, amount: order.cancelledAmount.amount + gone },
    amendments: [...(order.amendments ?? []), { amendmentId, added: added.map(({ lineId }) => lineId) }],
  };
}

/** The tax by rates, with that of the new lines. */
function taxWith(
  { tax, taxInclusive }: ExistingOrder['details'],
  added: readonly OrderLine[],
): ExistingOrder['details']['tax'] {
  const rates = new Map(tax.map((one) => [one.rateBp, one]));
  for (const { taxRateBp: rateBp, net, tax: its } of added) {
    const known = rates.get(rateBp);
    const base = (known?.base.amount ?? 0) + (taxInclusive ? net.amount - its.amount : net.amount);
    const amount = (known?.amount.amount ?? 0) + its.amount;
    rates.set(rateBp, { rateBp, base: { ...net, amount: base }, amount: { ...its, amount } });
  }
  return [...rates.values()];
}
