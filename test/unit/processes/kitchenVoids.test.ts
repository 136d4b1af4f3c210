import { expect } from 'chai';
import { taskIdOf } from '../../../src/commands/identity.js';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { ticket, type TicketEvent } from '../../../src/domain/ticket/index.js';
import { kitchenVoids, voidDue } from '../../../src/processes/kitchenVoids.js';
import { anOrder, at, aTicket, idOf, later } from '../../support/fixtures.js';
import { acknowledged, cancelled, escalated, histories, itemId, voidedItem } from '../domain/ticket/histories.js';
import { commandsOf, names, playEvent, playTimer } from './support/play.js';
import { recorded } from './support/recorded.js';

/** What follows from the last of these events of one ticket. */
const after = (...history: readonly TicketEvent[]) => {
  const last = history.at(-1);
  if (last === undefined) throw new Error('there is no event');
  return playEvent(kitchenVoids, recorded(`ticket-${aTicket}`, last, history.length - 1), {
    before: fold(ticket, ticket.initial, history.slice(0, -1)),
    after: fold(ticket, ticket.initial, history),
  });
};
const unit = voidedItem(1, 1, true);
const begun = [...histories.preparing, unit];
const timer = (seen: number) => `schedule kitchen-voids/${aTicket}/${itemId}/${seen}`;

describe('what the kitchen had begun and is not wanted any more', () => {
  it('has to be seen there within five minutes, all of it that nobody saw yet by one clock', () => {
    const rounds = after(...begun);
    expect(names(rounds)).to.deep.equal([[timer(0)]]);
    expect(rounds[0]?.[0]).to.deep.nested.include({ 'timer.dueAt': '2024-05-04T12:05:00.000Z' });
    expect(after(...begun, unit)).to.deep.equal([]);
    expect(names(after(...begun, acknowledged, unit))).to.deep.equal([[timer(1)]]);
    expect(names(after(...histories.preparing, cancelled(true)))).to.deep.equal([[timer(0)]]);
  });

  it('is nobody’s business where nothing of it was begun, or there was no ticket yet', () => {
    expect(after(...histories.queued, voidedItem(1, 1))).to.deep.equal([]);
    expect(after(...histories.queued, cancelled())).to.deep.equal([]);
    expect(after(cancelled())).to.deep.equal([]);
  });

  it('asks the ticket whether it was seen, when that time is over', () => {
    const due = {
      id: 'a timer',
      process: 'kitchen-voids',
      correlation: anOrder,
      dueAt: later,
      task: { type: 'void-due', ticketId: aTicket, itemId: idOf('ticketItem', 1), seen: 1 } as const,
      origin: { correlationId: 'c', causationId: 'e', tenant: 'main' },
    };
    expect(commandsOf(playTimer(voidDue, due, null, at), 'EscalateVoid')).to.deep.equal([
      { type: 'EscalateVoid', itemId, seen: 1, by: 'kitchen-voids', at },
    ]);
  });

  it('is a task until somebody says that they saw it, and another one the next time', () => {
    const tasks = (...history: readonly TicketEvent[]) =>
      commandsOf(after(...history), 'OpenTask').map(({ task: { taskId, kind, about } }) => [
        taskId,
        kind,
        about.orderId,
      ]);
    const taskId = (seen: number) => taskIdOf('void_unseen', aTicket, itemId, seen);
    expect(tasks(...begun, escalated)).to.deep.equal([[taskId(0), 'void_unseen', anOrder]]);
    expect(tasks(...begun, acknowledged, unit, escalated)).to.deep.equal([[taskId(1), 'void_unseen', anOrder]]);
    const [close] = after(...begun, escalated, acknowledged).flat();
    expect(close).to.deep.include({
      kind: 'task',
      stream: `task-${taskId(0)}`,
      command: { type: 'CompleteTask', by: 'system', at },
    });
    // seen in time: there is no task to be closed
    expect(after(...begun, acknowledged)).to.deep.equal([]);
  });
});
