import { expect } from 'chai';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { type ExistingTicket, ticket, type TicketEvent } from '../../../src/domain/ticket/index.js';
import { fulfilment } from '../../../src/processes/fulfilment.js';
import { anOrder, aTicket, idOf, later, openedTicket, orderLine, placedOrder } from '../../support/fixtures.js';
import { commandsOf, names, playEvent, refusedWith, type World } from './support/play.js';
import { recorded } from './support/recorded.js';

const opened: TicketEvent = { type: 'TicketOpened', data: openedTicket() };
const item = (n: number) => ({ itemId: idOf('ticketItem', n), station: 'main', by: 'kitchen/anna' });
const started = (n: number): TicketEvent => ({ type: 'ItemStarted', data: item(n) });
const done = (n: number): TicketEvent => ({ type: 'ItemDone', data: item(n) });
const ready: TicketEvent = { type: 'TicketReady', data: { readyAt: later } };
const handedOver: TicketEvent = { type: 'TicketHandedOver', data: { to: 'customer', handedOverAt: later } };

const recalled = (n: number): TicketEvent => ({ type: 'ItemRecalled', data: item(n) });

/** What fulfilment does about the last of these events. */
function about(history: readonly TicketEvent[], order = placedOrder(), world?: World) {
  const last = history.at(-1);
  if (last === undefined) throw new Error('there is no event');
  const state = fold(ticket, ticket.initial, history) as ExistingTicket;
  const before = fold(ticket, ticket.initial, history.slice(0, -1));
  const event = recorded(`ticket-${aTicket}`, last, history.length - 1);
  return playEvent(fulfilment, event, { ticket: state, order, wasReady: before.status === 'ready' }, world);
}

describe('fulfilment', () => {
  it('starts the fulfilment of the order when its ticket is opened', () => {
    expect(commandsOf(about([opened]), 'StartFulfilment')).to.deep.equal([
      { type: 'StartFulfilment', tickets: [{ ticketId: aTicket }], shipLines: [] },
    ]);
  });

  it('reports preparation at the first item started, and uses up the stock of its line', () => {
    const rounds = about([opened, started(1)]);
    expect(names(rounds)).to.deep.equal([['RecordProgress', 'ConsumeReservation sku-1']]);
    expect(commandsOf(rounds, 'ConsumeReservation')[0]).to.include({ orderId: anOrder, qty: 2, by: aTicket });
  });

  it('only uses up stock at every further item', () => {
    expect(names(about([opened, started(1), done(1), started(2)]))).to.deep.equal([['ConsumeReservation sku-2']]);
  });

  it('leaves the stock of untracked lines alone', () => {
    const order = placedOrder({ lines: [orderLine(1, { track: false }), orderLine(2)] });
    expect(names(about([opened, started(1)], order))).to.deep.equal([['RecordProgress']]);
  });

  it('reports the order ready', () => {
    expect(
      commandsOf(about([opened, started(1), done(1), started(2), done(2), ready]), 'RecordProgress'),
    ).to.deep.equal([{ type: 'RecordProgress', stage: 'ready' }]);
  });

  it('takes nothing back where nothing was ready', () => {
    expect(about([opened, started(1), done(1), recalled(1)])).to.deep.equal([]);
  });

  it('takes back that the order is ready when an item is recalled', () => {
    const history = [opened, started(1), done(1), started(2), done(2), ready, recalled(2)];
    expect(commandsOf(about(history), 'RecordProgress')).to.deep.equal([
      { type: 'RecordProgress', stage: 'preparing', again: true },
    ]);
  });

  it('hands over the rest where units were called off while they were handed over', () => {
    const history = [opened, started(1), done(1), started(2), done(2), ready, handedOver];
    const tooMuch = {
      _tag: 'QuantityNotAvailable',
      lines: [
        { lineId: idOf('line', 1), wanted: 2, available: 0 },
        { lineId: idOf('line', 2), wanted: 2, available: 1 },
      ],
    };
    const rounds = about(history, placedOrder(), ({ kind }) => (kind === 'order' ? refusedWith(tooMuch) : undefined));
    expect(commandsOf(rounds, 'RecordLinesFulfilled').map(({ lines }) => lines)).to.deep.equal([
      [1, 2].map((n) => ({ lineId: idOf('line', n), qty: 2 })),
      [{ lineId: idOf('line', 2), qty: 1 }],
    ]);
  });

  it('says no more where everything was called off while it was handed over', () => {
    const history = [opened, started(1), done(1), started(2), done(2), ready, handedOver];
    const nothing = {
      _tag: 'QuantityNotAvailable',
      lines: [1, 2].map((n) => ({ lineId: idOf('line', n), wanted: 2, available: 0 })),
    };
    const rounds = about(history, placedOrder(), ({ kind }) => (kind === 'order' ? refusedWith(nothing) : undefined));
    expect(rounds).to.have.length(1);
  });

  it('records every line handed over', () => {
    const rounds = about([opened, started(1), done(1), started(2), done(2), ready, handedOver]);
    expect(names(rounds)).to.deep.equal([['RecordLinesFulfilled']]);
    expect(commandsOf(rounds, 'RecordLinesFulfilled')[0]).to.deep.include({
      by: aTicket,
      how: 'handed_over',
      at: later,
      openOnly: true,
      lines: [1, 2].map((n) => ({ lineId: idOf('line', n), qty: 2 })),
    });
  });

  it('uses up at handing over what was never started', () => {
    const rounds = about([opened, started(1), done(1), ready, handedOver]);
    expect(names(rounds)).to.deep.equal([['ConsumeReservation sku-2', 'RecordLinesFulfilled']]);
  });

  it('says that guests at the table were served', () => {
    const history = [opened, started(1), done(1), started(2), done(2), ready, handedOver];
    const [command] = commandsOf(about(history, placedOrder({ mode: 'dine_in' })), 'RecordLinesFulfilled');
    expect(command?.how).to.equal('served');
  });
});
