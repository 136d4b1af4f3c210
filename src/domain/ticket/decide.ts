import { assertNever } from '../kernel/assertNever.js';
import { alreadyTrue, type Decision, record, refuse } from '../kernel/decision.js';
import { illegalTransition, notFound } from '../kernel/rejections.js';
import type { TicketCommand } from './commands.js';
import type { TicketEvent } from './events.js';
import type { TicketRejection } from './rejections.js';
import type { ExistingTicket, Ticket, TicketItemState } from './state.js';

type Command<Type extends TicketCommand['type']> = Extract<TicketCommand, { type: Type }>;
type TicketDecision = Decision<TicketRejection, TicketEvent>;

/** Which events a command leads to in a state of the ticket, or why it is refused. */
export function decide(command: TicketCommand, ticket: Ticket): TicketDecision {
  if (command.type === 'OpenTicket') {
    if (ticket.status !== 'none') return alreadyTrue;
    if (command.ticket.items.length === 0) return refuse({ _tag: 'EmptyTicket' });
    return record({ type: 'TicketOpened', data: command.ticket });
  }
  if (ticket.status === 'none') return refuse(notFound('ticket'));
  switch (command.type) {
    case 'StartItem':
      return startItem(command, ticket);
    case 'FinishItem':
      return finishItem(command, ticket);
    case 'BumpTicket':
      return bump(command, ticket);
    case 'HandOver':
      return handOver(command, ticket);
    default:
      return assertNever(command);
  }
}

function startItem({ itemId, by }: Command<'StartItem'>, ticket: ExistingTicket): TicketDecision {
  const item = ticket.items.find((one) => one.itemId === itemId);
  if (!item) return refuse(notFound('ticket item', itemId));
  return item.state === 'queued' ? record(started(item, by)) : alreadyTrue;
}

function finishItem({ itemId, by, at }: Command<'FinishItem'>, ticket: ExistingTicket): TicketDecision {
  const item = ticket.items.find((one) => one.itemId === itemId);
  if (!item) return refuse(notFound('ticket item', itemId));
  switch (item.state) {
    case 'done':
      return alreadyTrue;
    case 'queued':
      return refuse(illegalTransition('queued', ['start']));
    case 'cooking': {
      const last = ticket.items.every((one) => one === item || one.state === 'done');
      return record<TicketEvent>(done(item, by), ...(last ? [ready(at)] : []));
    }
    default:
      return assertNever(item.state);
  }
}

/** The whole ticket at one touch: whatever was not started or done is started and done. */
function bump({ by, at }: Command<'BumpTicket'>, ticket: ExistingTicket): TicketDecision {
  const open = ticket.items.filter(({ state }) => state !== 'done');
  if (open.length === 0) return alreadyTrue;
  return record<TicketEvent>(
    ...open.flatMap((item) => (item.state === 'queued' ? [started(item, by), done(item, by)] : [done(item, by)])),
    ready(at),
  );
}

function handOver({ to, code, at }: Command<'HandOver'>, ticket: ExistingTicket): TicketDecision {
  switch (ticket.status) {
    case 'ready':
      return record({
        type: 'TicketHandedOver',
        data: { to, handedOverAt: at, ...(code === undefined ? {} : { code }) },
      });
    case 'handed_over':
      return alreadyTrue;
    case 'queued':
    case 'preparing':
      return refuse({
        _tag: 'NotReady',
        openItems: ticket.items.filter(({ state }) => state !== 'done').map(({ itemId, name }) => ({ itemId, name })),
      });
    default:
      return assertNever(ticket);
  }
}

const started = ({ itemId, station }: TicketItemState, by: string): TicketEvent => ({
  type: 'ItemStarted',
  data: { itemId, station, by },
});
const done = ({ itemId, station }: TicketItemState, by: string): TicketEvent => ({
  type: 'ItemDone',
  data: { itemId, station, by },
});
const ready = (at: string): TicketEvent => ({ type: 'TicketReady', data: { readyAt: at } });
