import { ticketIdOf, ticketItemIdOf, unmetIdOf } from '../commands/identity.js';
import type { RecordedEvent } from '../domain/events.js';
import {
  addedLines,
  askedAmendment,
  droppedUnits,
  type ExistingOrder,
  type OrderEvent,
  type OrderLine,
} from '../domain/order/index.js';
import type { TicketItem } from '../domain/ticket/index.js';
import { giveBack, hasTicket, takeOffTicket, waitForTicket } from './callingOff.js';
import { commandOutcome, type Outcome } from './engine/outcome.js';
import { type CommandStep, type Step, toOrder, toTicket } from './engine/step.js';
import { goneAllTheSame } from './goneAllTheSame.js';
import { reservationOf, stepName, toStockOf, trackedLines } from './orderLines.js';

type Amended = Extract<OrderEvent, { type: 'OrderAmended' }>['data'];

/** Where a line is made when its offer does not say. */
const DEFAULT_STATION = 'main';
const ADD = 'add';
const UNMET = 'unmet';

/**
 * What an amendment asks of others, one after the other: the stock of what went is free, that of what came (set aside before,
 * see {@link settleStock}) is confirmed; the kitchen gets what came, and only afterwards what went is taken off its ticket, which so is never empty in between. What
 * is not in stock, or comes when the ticket is closed, is called off again, and costs nothing.
 *
 * @param order as it stood just after the amendment
 * @param goesOn whether it is still to be served by now; otherwise nothing is set aside or made for it any more
 */
export function amending(
  recorded: RecordedEvent,
  order: ExistingOrder,
  amended: Amended,
  goesOn: boolean,
  outcomes: readonly Outcome[],
): readonly Step[] {
  // before stock was asked first, an amendment asked for it only now
  const isSecured = askedAmendment(order, amended.amendmentId) !== undefined;
  const rounds = [
    () => giveBack(order, droppedUnits(amended.changes)),
    () => (goesOn && !isSecured ? reserve(order, amended) : []),
    () => (goesOn ? [...addToTicket(recorded, order, amended, outcomes), ...confirm(order, amended, outcomes)] : []),
    () => [...takeOff(recorded, order, amended), ...(goesOn ? callOffUnmet(recorded, order, amended, outcomes) : [])],
    () => goneAllTheSame(recorded, order, outcomes),
  ];
  const waiting = waitForTicket(outcomes);
  if (waiting.length > 0) return waiting;
  for (const round of rounds) {
    const steps = round();
    // what comes together is issued together: where one step has no outcome yet, none has
    if (steps.some((step) => commandOutcome(outcomes, step.name) === undefined)) return steps;
  }
  return [];
}

const trackedOf = (order: ExistingOrder, { changes }: Amended) => {
  const added = new Set(addedLines(changes).map(({ lineId }) => lineId));
  return trackedLines(order.details).filter(({ lineId }) => added.has(lineId));
};

const reserve = (order: ExistingOrder, amended: Amended): readonly CommandStep[] =>
  trackedOf(order, amended).map((line) =>
    toStockOf(order.details, line, 'reserve', {
      type: 'ReserveStock',
      reservationId: reservationOf(order.details, line),
      orderId: order.details.orderId,
      qty: line.qty,
    }),
  );

const isShort = (line: OrderLine, outcomes: readonly Outcome[]): boolean =>
  commandOutcome(outcomes, stepName('reserve', line))?.result === 'refused';

/** The order is confirmed: so are its reservations. */
const confirm = (order: ExistingOrder, amended: Amended, outcomes: readonly Outcome[]): readonly CommandStep[] =>
  trackedOf(order, amended)
    .filter((line) => !isShort(line, outcomes))
    .map((line) =>
      toStockOf(order.details, line, 'confirm', {
        type: 'ConfirmReservation',
        reservationId: reservationOf(order.details, line),
      }),
    );

function addToTicket(
  { meta }: RecordedEvent,
  order: ExistingOrder,
  { amendmentId, changes }: Amended,
  outcomes: readonly Outcome[],
): readonly CommandStep[] {
  if (!hasTicket(order)) return [];
  const { orderId, locationId } = order.details;
  const ticketId = ticketIdOf(orderId, locationId);
  const items = addedLines(changes)
    .filter((line) => !isShort(line, outcomes))
    .map(({ lineId, sku, name, qty, options, station, prepSeconds, allergens, note }): TicketItem => ({
      itemId: ticketItemIdOf(ticketId, lineId),
      lineId,
      sku,
      name,
      qty,
      options: options.map(({ name: option, choice }) => ({ name: option, choice })),
      station: station ?? DEFAULT_STATION,
      prepSeconds: prepSeconds ?? 0,
      ...(allergens === undefined ? {} : { allergens }),
      ...(note === undefined ? {} : { note }),
    }));
  if (items.length === 0) return [];
  return [toTicket(ticketId, ADD, { type: 'AddItems', batch: amendmentId, items, at: meta.at })];
}

/** A customer's word does not undo what is done. */
const takeOff = (recorded: RecordedEvent, order: ExistingOrder, { changes, by }: Amended): readonly CommandStep[] =>
  takeOffTicket(recorded, order, droppedUnits(changes), { reason: 'the order was amended', force: by !== 'customer' });

/** What nobody has, or the kitchen does not take any more, is called off: see {@link unmetIdOf}. */
function callOffUnmet(
  { meta }: RecordedEvent,
  order: ExistingOrder,
  { amendmentId, changes }: Amended,
  outcomes: readonly Outcome[],
): readonly CommandStep[] {
  const closed = commandOutcome(outcomes, ADD)?.result === 'refused';
  const lines = addedLines(changes)
    .filter((line) => closed || isShort(line, outcomes))
    .map(({ lineId, qty }) => ({ lineId, qty }));
  if (lines.length === 0) return [];
  const { orderId } = order.details;
  return [
    toOrder(orderId, UNMET, {
      type: 'CancelLines',
      cancellationId: unmetIdOf(orderId, amendmentId),
      lines,
      // some may be called off already, by somebody who did not know that the kitchen never got them
      upTo: true,
      reason: closed ? 'the kitchen takes no more for this order' : 'it is not in stock',
      by: 'system',
      at: meta.at,
    }),
  ];
}
