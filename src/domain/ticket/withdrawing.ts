import { alreadyTrue, refuse } from '../kernel/decision.js';
import { illegalTransition, notFound } from '../kernel/rejections.js';
import type { TicketCommand } from './commands.js';
import type { TicketEvent } from './events.js';
import { facts, ready, type TicketDecision } from './facts.js';
import { activeItems, type ExistingTicket, remaining, seenOf, type Ticket, type TicketItemState } from './state.js';

type Command<Type extends TicketCommand['type']> = Extract<TicketCommand, { type: Type }>;

/**
 * Takes the whole ticket away. Whether that is still possible is decided here and nowhere else: what was begun is only
 * stopped by force, and what was handed over not at all.
 */
export function cancelTicket(command: Command<'CancelTicket'>, ticket: Exclude<Ticket, { status: 'withdrawn' }>) {
  const { orderId, reason, by, at, force } = command;
  const cancelled: TicketEvent = {
    type: 'TicketCancelled',
    data: { orderId, reason, by, forced: false, cancelledAt: at },
  };
  if (ticket.status === 'none') return facts(cancelled);
  if (ticket.status === 'cancelled') return alreadyTrue;
  if (ticket.status === 'handed_over') return refuse(illegalTransition('handed_over', []));
  const begun = activeItems(ticket).filter(isBegun);
  if (begun.length === 0) return facts(cancelled);
  if (!force) return refuse({ _tag: 'AlreadyStarted' as const, items: begun.map(named) });
  return facts({ ...cancelled, data: { ...cancelled.data, forced: true } });
}

/** Takes away units of an item. With its last unit the ticket may become ready, or there is nothing left of it. */
export function voidItem(command: Command<'VoidItem'>, ticket: ExistingTicket): TicketDecision {
  const { itemId, qty, reason, by, at, force } = command;
  const item = ticket.items.find((one) => one.itemId === itemId);
  if (!item) return refuse(notFound('ticket item', itemId));
  if (item.state === 'voided') return alreadyTrue;
  if (ticket.status === 'handed_over' || ticket.status === 'cancelled') {
    return refuse(illegalTransition(ticket.status, []));
  }
  const maximum = remaining(item);
  if (!Number.isSafeInteger(qty) || qty < 1 || qty > maximum) {
    return refuse({ _tag: 'InvalidQuantity', quantity: qty, minimum: 1, maximum, sku: item.sku });
  }
  if (item.state === 'done' && !force) return refuse({ _tag: 'AlreadyStarted', items: [named(item)] });
  const voided: TicketEvent = { type: 'ItemVoided', data: { itemId, qty, reason, by, wasStarted: isBegun(item) } };
  const left = activeItems(ticket).filter((one) => one !== item || qty < maximum);
  if (left.length === 0) {
    const { orderId } = ticket.details;
    return facts(voided, {
      type: 'TicketCancelled',
      data: { orderId, reason, by, forced: isBegun(item), cancelledAt: at },
    });
  }
  const becomesReady = ticket.status !== 'ready' && left.every(({ state }) => state === 'done');
  return facts(voided, ...(becomesReady ? [ready(at)] : []));
}

/** The kitchen has seen that something it had begun is not wanted any more. */
export function acknowledgeVoid({ itemId, by }: Command<'AcknowledgeVoid'>, ticket: ExistingTicket): TicketDecision {
  const item = ticket.items.find((one) => one.itemId === itemId);
  if (!item) return refuse(notFound('ticket item', itemId));
  if (item.unacknowledged > 0) return facts({ type: 'VoidAcknowledged', data: { itemId, by } });
  return item.voided > 0 ? alreadyTrue : refuse(illegalTransition(item.state, []));
}

/** Nobody in the kitchen has seen it in its time. One that was seen in the same moment, or was voided later, is none of this. */
export function escalateVoid(command: Command<'EscalateVoid'>, ticket: ExistingTicket): TicketDecision {
  const { itemId, seen, at, by } = command;
  const item = ticket.items.find((one) => one.itemId === itemId);
  if (!item) return refuse(notFound('ticket item', itemId));
  const isSettled = item.unacknowledged === 0 || seenOf(item) !== seen || item.escalated === true;
  return isSettled ? alreadyTrue : facts({ type: 'VoidEscalated', data: { itemId, at, by } });
}

const isBegun = ({ state }: TicketItemState): boolean => state === 'cooking' || state === 'done';
const named = ({ itemId, name }: TicketItemState) => ({ itemId, name });
