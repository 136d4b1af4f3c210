import { assertNever } from '../kernel/assertNever.js';
import { alreadyTrue, refuse } from '../kernel/decision.js';
import { illegalTransition, notFound } from '../kernel/rejections.js';
import type { TicketCommand } from './commands.js';
import type { TicketDecision } from './facts.js';
import { bump, finishItem, recallItem, recallTicket, startItem } from './making.js';
import { addItems, addNote, changePromise, fire, handOver, openTicket, renumber, setRush } from './planning.js';
import type { Ticket } from './state.js';
import { acknowledgeVoid, cancelTicket, escalateVoid, voidItem } from './withdrawing.js';

/** Which events a command leads to in a state of the ticket, or why it is refused. */
export function decide(command: TicketCommand, ticket: Ticket): TicketDecision {
  if (command.type === 'OpenTicket') return openTicket(command, ticket);
  if (ticket.status === 'withdrawn') {
    return command.type === 'CancelTicket' ? alreadyTrue : refuse(illegalTransition('cancelled', []));
  }
  if (command.type === 'CancelTicket') return cancelTicket(command, ticket);
  if (ticket.status === 'none') return refuse(notFound('ticket'));
  switch (command.type) {
    case 'FireTicket':
      return fire(command, ticket);
    case 'StartItem':
      return startItem(command, ticket);
    case 'FinishItem':
      return finishItem(command, ticket);
    case 'RecallItem':
      return recallItem(command, ticket);
    case 'BumpTicket':
      return bump(command, ticket);
    case 'RecallTicket':
      return recallTicket(command, ticket);
    case 'AddItems':
      return addItems(command, ticket);
    case 'VoidItem':
      return voidItem(command, ticket);
    case 'AcknowledgeVoid':
      return acknowledgeVoid(command, ticket);
    case 'EscalateVoid':
      return escalateVoid(command, ticket);
    case 'ChangePromise':
      return changePromise(command, ticket);
    case 'Renumber':
      return renumber(command, ticket);
    case 'SetRush':
      return setRush(command, ticket);
    case 'AddNote':
      return addNote(command, ticket);
    case 'HandOver':
      return handOver(command, ticket);
    default:
      return assertNever(command);
  }
}
