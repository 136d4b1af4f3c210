import { expect } from 'chai';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { type ExistingTicket, ticket, type TicketEvent } from '../../../src/domain/ticket/index.js';
import { ticketDue, ticketFiring } from '../../../src/processes/ticketFiring.js';
import { anOrder, aTicket, later, openedTicket } from '../../support/fixtures.js';
import { commandsOf, names, playEvent, playTimer } from './support/play.js';
import { recorded } from './support/recorded.js';

const fireAt = '2024-05-04T12:59:00.000Z';
const scheduled: TicketEvent = { type: 'TicketOpened', data: openedTicket({ promisedAt: later, fireAt }) };
const promised = (change: object): TicketEvent => ({
  type: 'TicketPromiseChanged',
  data: { promisedAt: later, by: 'ana', ...change },
});

const about = (history: readonly TicketEvent[]) => {
  const last = history.at(-1);
  if (last === undefined) throw new Error('there is no event');
  const state = fold(ticket, ticket.initial, history) as ExistingTicket;
  return names(playEvent(ticketFiring, recorded(`ticket-${aTicket}`, last, history.length - 1), state));
};

describe('scheduled firing', () => {
  it('sets a timer for a ticket that waits, and another for another promise', () => {
    expect(about([scheduled])).to.deep.equal([[`schedule ticket-firing/${aTicket}/${fireAt}`]]);
    const another = '2024-05-04T13:30:00.000Z';
    expect(about([scheduled, promised({ fireAt: another })])).to.deep.equal([
      [`schedule ticket-firing/${aTicket}/${another}`],
    ]);
  });

  it('leaves a ticket alone that is with the cooks', () => {
    expect(about([{ type: 'TicketOpened', data: openedTicket() }])).to.deep.equal([]);
  });

  it('fires the ticket when the time has come, naming the time that was planned', () => {
    const timer = {
      id: 'a timer',
      process: 'ticket-firing',
      correlation: anOrder,
      dueAt: fireAt,
      task: { type: 'fire-ticket', ticketId: aTicket, planned: fireAt } as const,
      origin: { correlationId: 'c', causationId: 'e', tenant: 'main' },
    };
    const rounds = playTimer(ticketDue, timer, null, later);
    expect(commandsOf(rounds, 'FireTicket')).to.deep.equal([
      { type: 'FireTicket', by: 'ticket-firing', at: later, planned: fireAt },
    ]);
  });
});
