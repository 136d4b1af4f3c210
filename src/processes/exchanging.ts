import type { RecordedEvent } from '../domain/events.js';
import type { AmendmentId, LineId } from '../domain/kernel/ids.js';
import { type AmendmentState, askedAmendment, type ExistingOrder, type LineQuantity } from '../domain/order/index.js';
import { type CommandStep, toStock } from './engine/step.js';
import { type Line, reservationOf, stepName, trackedLines } from './orderLines.js';

/**
 * What an amendment exchanges for itself: which units that go are of the same article as what comes, by the line that comes. They are set
 * aside already, so they are carried over and need not be free. An amendment never changes, so this is the same whenever it is asked.
 */
export function carriedOver(
  { lines }: ExistingOrder,
  { add, drop }: Pick<AmendmentState, 'add' | 'drop'>,
): ReadonlyMap<LineId, readonly LineQuantity[]> {
  const going = drop.map(({ lineId, qty }) => ({ lineId, qty, its: lines.find((line) => line.lineId === lineId) }));
  const carried = new Map<LineId, LineQuantity[]>();
  for (const { lineId, sku, qty } of trackedLines({ lines: add })) {
    let wanted = qty;
    for (const one of going) {
      const units = one.its?.track === true && one.its.sku === sku ? Math.min(wanted, one.qty) : 0;
      if (units < 1) continue;
      carried.set(lineId, [...(carried.get(lineId) ?? []), { lineId: one.lineId, qty: units }]);
      one.qty -= units;
      wanted -= units;
    }
  }
  return carried;
}

/**
 * What was carried over for an amendment goes back once that is declined. In the order of the order's own events, so that each line
 * gets what is wanted of it just then: what is called off before this gives back no more.
 *
 * @param order as it stood just after the amendment was declined
 * @param now as it stands by now: where this is heard long after, what was called off since does not find it there
 */
export function carryBack(
  { event }: RecordedEvent,
  order: ExistingOrder,
  amendmentId: AmendmentId,
  now: ExistingOrder = order,
): readonly CommandStep[] {
  const asked = askedAmendment(order, amendmentId);
  if (event.type !== 'AmendmentDeclined' || asked === undefined) return [];
  const carried = carriedOver(order, asked);
  const { details } = order;
  return trackedLines({ lines: asked.add }).flatMap((line: Line) => {
    const from = carried.get(line.lineId);
    if (from === undefined) return [];
    return [
      toStock(line.sku, details.locationId, stepName('restore', line), {
        type: 'RestoreReservation',
        reservationId: reservationOf(details, line),
        orderId: details.orderId,
        to: from.map(({ lineId }) => ({
          reservationId: reservationOf(details, { lineId }),
          keep: wantedOf(now, lineId),
        })),
        why: 'short',
      }),
    ];
  });
}

function wantedOf({ lines }: ExistingOrder, lineId: LineId): number {
  const line = lines.find((one) => one.lineId === lineId);
  return line === undefined ? 0 : line.qty - line.cancelled;
}
