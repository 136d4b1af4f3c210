import { alreadyTrue, refuse } from '../kernel/decision.js';
import { illegalTransition } from '../kernel/rejections.js';
import type { TicketCommand } from './commands.js';
import { facts, type TicketDecision } from './facts.js';
import { activeItems, type ExistingTicket, isCalledOut, type OpenTicket, pickupNoOf, type Ticket } from './state.js';

type Command<Type extends TicketCommand['type']> = Extract<TicketCommand, { type: Type }>;

/** Makes the ticket; one whose time to be fired has come already goes to the cooks at once. */
export function openTicket({ ticket: opened }: Command<'OpenTicket'>, ticket: Ticket): TicketDecision {
  if (ticket.status === 'withdrawn') return refuse(illegalTransition('cancelled', []));
  if (ticket.status !== 'none') return alreadyTrue;
  if (opened.items.length === 0) return refuse({ _tag: 'EmptyTicket' });
  const { fireAt, ...now } = opened;
  const waits = fireAt !== undefined && isAfter(fireAt, opened.openedAt);
  return facts({ type: 'TicketOpened', data: waits ? opened : now });
}

/** Brings a scheduled ticket to the cooks. */
export function fire({ by, at, planned }: Command<'FireTicket'>, ticket: ExistingTicket): TicketDecision {
  const overtaken = planned !== undefined && planned !== ticket.fireAt;
  if (overtaken || isFired(ticket)) return alreadyTrue;
  if (ticket.status !== 'scheduled')
    return planned === undefined ? refuse(illegalTransition(ticket.status, [])) : alreadyTrue;
  return facts({ type: 'TicketFired', data: { firedAt: at, by } });
}

/** More to make for the same order: a ticket that was ready has to wait for it. */
export function addItems({ batch, items, at }: Command<'AddItems'>, ticket: ExistingTicket): TicketDecision {
  const known = new Set(ticket.items.map(({ itemId }) => itemId));
  // an item is one thing: named twice in a batch it is added once
  const more = items.filter(({ itemId }) => !known.has(itemId) && known.add(itemId));
  if (more.length === 0) return items.length === 0 ? refuse({ _tag: 'EmptyTicket' }) : alreadyTrue;
  if (!isOpen(ticket)) return refuse(illegalTransition(ticket.status, []));
  return facts({ type: 'ItemsAdded', data: { batch, items: more, addedAt: at } });
}

/** Promises another time; a ticket that waits is fired accordingly, at once if need be. */
export function changePromise(command: Command<'ChangePromise'>, ticket: ExistingTicket): TicketDecision {
  const { promisedAt, fireAt, by, at } = command;
  if (ticket.promisedAt === promisedAt) return alreadyTrue;
  if (!isOpen(ticket)) return refuse(illegalTransition(ticket.status, []));
  if (ticket.status !== 'scheduled') return facts({ type: 'TicketPromiseChanged', data: { promisedAt, by } });
  return isAfter(fireAt, at)
    ? facts({ type: 'TicketPromiseChanged', data: { promisedAt, by, fireAt } })
    : facts(
        { type: 'TicketPromiseChanged', data: { promisedAt, by } },
        { type: 'TicketFired', data: { firedAt: at, by } },
      );
}

/** Calls it out by a number of another day. One that may have been called out, or never had a number, stays as it is. */
export function renumber({ pickupNo, businessDate }: Command<'Renumber'>, ticket: ExistingTicket): TicketDecision {
  const before = ticket.renumbered;
  const isSame = before?.pickupNo === pickupNo && before.businessDate === businessDate;
  return isSame || isCalledOut(ticket) || pickupNoOf(ticket) === undefined
    ? alreadyTrue
    : facts({ type: 'TicketRenumbered', data: { pickupNo, businessDate } });
}

/** Puts the ticket before the others, or back among them. */
export function setRush({ rush, by }: Command<'SetRush'>, ticket: ExistingTicket): TicketDecision {
  if (ticket.rush === rush) return alreadyTrue;
  if (!isOpen(ticket)) return refuse(illegalTransition(ticket.status, []));
  return facts({ type: 'TicketPrioritised', data: { rush, by } });
}

/** Lets the kitchen know something, as long as there is somebody who could heed it. */
export function addNote({ noteId, note, by }: Command<'AddNote'>, ticket: ExistingTicket): TicketDecision {
  if (ticket.notes?.some((known) => known.noteId === noteId)) return alreadyTrue;
  if (!isOpen(ticket)) return refuse(illegalTransition(ticket.status, []));
  return facts({ type: 'TicketNoteAdded', data: { noteId, note, by } });
}

/** Gives what is ready to whom it is for. */
export function handOver({ to, code, at }: Command<'HandOver'>, ticket: ExistingTicket): TicketDecision {
  if (ticket.status === 'handed_over') return alreadyTrue;
  if (ticket.status === 'cancelled') return refuse(illegalTransition('cancelled', []));
  if (ticket.status === 'ready') {
    return facts({
      type: 'TicketHandedOver',
      data: { to, handedOverAt: at, ...(code === undefined ? {} : { code }) },
    });
  }
  const open = activeItems(ticket).filter(({ state }) => state !== 'done');
  return refuse({ _tag: 'NotReady', openItems: open.map(({ itemId, name }) => ({ itemId, name })) });
}

const isFired = ({ status }: ExistingTicket): boolean => status !== 'scheduled' && status !== 'cancelled';
const isOpen = (ticket: ExistingTicket): ticket is OpenTicket =>
  ticket.status !== 'handed_over' && ticket.status !== 'cancelled';
/** Both as UTC with milliseconds: then the texts stand in the order of the times. */
const isAfter = (a: string, b: string): boolean => a > b;
