import { ticketIdOf, ticketItemIdOf } from '../commands/identity.js';
import type { RecordedEvent } from '../domain/events.js';
import { type ExistingOrder, isMadeToOrder, type LineQuantity } from '../domain/order/index.js';
import type { Outcome } from './engine/outcome.js';
import { type CommandStep, type Step, toTicket } from './engine/step.js';
import { type Line, release, reservationOf, toStockOf, trackedLines } from './orderLines.js';

/** Whether the kitchen was told of the order, so that there is a ticket, or will be one. */
export const hasTicket = ({ wasConfirmed, details: { mode } }: ExistingOrder): boolean =>
  wasConfirmed && isMadeToOrder(mode);

/** Takes units off the ticket; what is done already only by `force`. */
export function takeOffTicket(
  { meta }: RecordedEvent,
  order: ExistingOrder,
  lines: readonly LineQuantity[],
  { reason, force }: { readonly reason: string; readonly force: boolean },
): readonly CommandStep[] {
  if (!hasTicket(order)) return [];
  const { details } = order;
  const ticketId = ticketIdOf(details.orderId, details.locationId);
  return lines.map(({ lineId, qty }) =>
    toTicket(ticketId, `void ${lineId}`, {
      type: 'VoidItem',
      itemId: ticketItemIdOf(ticketId, lineId),
      qty,
      reason,
      by: meta.actor.id,
      at: meta.at,
      force,
    }),
  );
}

/** Gives back the stock that was set aside for units of these lines that are not wanted any more. */
export function giveBack(
  { details, lines: known }: ExistingOrder,
  lines: readonly Pick<LineQuantity, 'lineId'>[],
): readonly CommandStep[] {
  const byId = new Map(known.map((line) => [line.lineId, line]));
  return trackedLines(details).flatMap((line: Line) => {
    const now = byId.get(line.lineId);
    if (now === undefined || !lines.some(({ lineId }) => lineId === line.lineId)) return [];
    if (now.cancelled === now.qty) return release(details, [line], 'cancelled');
    return [
      toStockOf(details, line, 'reduce', {
        type: 'ReduceReservation',
        reservationId: reservationOf(details, line),
        orderId: details.orderId,
        keep: now.qty - now.cancelled,
        why: 'cancelled',
      }),
    ];
  });
}

/** A ticket that is not there yet will be: the order was confirmed with these units. */
export const waitForTicket = (outcomes: readonly Outcome[]): readonly Step[] =>
  outcomes.some(
    (outcome) =>
      outcome.result === 'refused' &&
      outcome.step.kind === 'ticket' &&
      outcome.rejection._tag === 'NotFound' &&
      (outcome.rejection as { what?: string }).what === 'ticket',
  )
    ? [{ kind: 'later', reason: 'the ticket is not open yet' }]
    : [];
