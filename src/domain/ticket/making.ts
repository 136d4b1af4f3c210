import * as E from 'fp-ts/lib/Either.js';
import { assertNever } from '../kernel/assertNever.js';
import { alreadyTrue, refuse } from '../kernel/decision.js';
import { illegalTransition, notFound } from '../kernel/rejections.js';
import type { TicketCommand } from './commands.js';
import { done, facts, ready, recalled, started, type TicketDecision } from './facts.js';
import type { TicketRejection } from './rejections.js';
import { activeItems, type ExistingTicket, type TicketItemState } from './state.js';

type Command<Type extends TicketCommand['type']> = Extract<TicketCommand, { type: Type }>;

/** Somebody begins to make an item. */
export function startItem(command: Command<'StartItem'>, ticket: ExistingTicket): TicketDecision {
  const found = touched(command, ticket);
  if (E.isLeft(found)) return found;
  return found.right.state === 'queued' ? facts(started(found.right, command.by)) : alreadyTrue;
}

/** An item is done; with the last one the ticket is ready. */
export function finishItem(command: Command<'FinishItem'>, ticket: ExistingTicket): TicketDecision {
  const found = touched(command, ticket);
  if (E.isLeft(found)) return found;
  const item = found.right;
  switch (item.state) {
    case 'done':
    case 'voided':
      return alreadyTrue;
    case 'queued':
      return refuse(illegalTransition('queued', ['start']));
    case 'cooking': {
      const last = activeItems(ticket).every((one) => one === item || one.state === 'done');
      return facts(done(item, command.by), ...(last ? [ready(command.at)] : []));
    }
    default:
      return assertNever(item.state);
  }
}

/** An item that was done goes back to its cook; a ticket that was ready is not any more. */
export function recallItem(command: Command<'RecallItem'>, ticket: ExistingTicket): TicketDecision {
  const found = touched(command, ticket);
  if (E.isLeft(found)) return found;
  if (ticket.status === 'handed_over') return refuse(illegalTransition('handed_over', []));
  if (found.right.state === 'queued') return refuse(illegalTransition('queued', ['start']));
  return found.right.state === 'done' ? facts(recalled(found.right, command.by)) : alreadyTrue;
}

/** The whole ticket, or one station's part, at one touch: whatever was not started or done is started and done. */
export function bump({ by, at, station }: Command<'BumpTicket'>, ticket: ExistingTicket): TicketDecision {
  const late = closed(ticket);
  if (late) return refuse(late);
  const open = activeItems(ticket).filter(({ state }) => state !== 'done');
  const mine = open.filter((item) => station === undefined || item.station === station);
  if (mine.length === 0) return alreadyTrue;
  return facts(
    ...mine.flatMap((item) => (item.state === 'queued' ? [started(item, by), done(item, by)] : [done(item, by)])),
    ...(mine.length === open.length ? [ready(at)] : []),
  );
}

/** Everything that was done, or one station's part of it, goes back to the cooks. */
export function recallTicket({ by, station }: Command<'RecallTicket'>, ticket: ExistingTicket): TicketDecision {
  const late = closed(ticket) ?? (ticket.status === 'handed_over' ? illegalTransition('handed_over', []) : undefined);
  if (late) return refuse(late);
  return facts(
    ...activeItems(ticket)
      .filter((item) => item.state === 'done' && (station === undefined || item.station === station))
      .map((item) => recalled(item, by)),
  );
}

/** The item that a command touches, or why it cannot be touched. */
function touched(
  { itemId, station }: Command<'StartItem' | 'FinishItem' | 'RecallItem'>,
  ticket: ExistingTicket,
): E.Either<TicketRejection, TicketItemState> {
  const item = ticket.items.find((one) => one.itemId === itemId);
  if (!item) return refuse(notFound('ticket item', itemId));
  const { name } = item;
  if (item.state === 'voided') return refuse({ _tag: 'ItemIsVoided', itemId, name });
  const late = closed(ticket);
  if (late) return refuse(late);
  if (station !== undefined && station !== item.station) {
    return refuse({ _tag: 'WrongStation', itemId, name, station: item.station });
  }
  return E.right(item);
}

/** Why nothing is made of a ticket: it has not come to the cooks yet, or was taken away. */
function closed(ticket: ExistingTicket): TicketRejection | undefined {
  if (ticket.status === 'scheduled') return illegalTransition('scheduled', ['fire', 'cancel']);
  return ticket.status === 'cancelled' ? illegalTransition('cancelled', []) : undefined;
}
