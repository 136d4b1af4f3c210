import { expect } from 'chai';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { type ExistingOrder, order, type OrderEvent } from '../../../src/domain/order/index.js';
import { ticket, type Ticket } from '../../../src/domain/ticket/index.js';
import { delivery } from '../../../src/processes/delivery.js';
import { ticketToMove } from '../../../src/processes/newPromise.js';
import { orderBlock } from '../../../src/projections/publishers/orderBlock.js';
import { anOrder, openedTicket } from '../../support/fixtures.js';
import { histories, orderPlaced } from '../domain/order/histories.js';
import { commandsOf, names, playEvent, refusedWith } from './support/play.js';
import { recorded } from './support/recorded.js';

const promisedAt = '2024-05-04T18:00:00.000Z';
const changed: OrderEvent = { type: 'DeliveryChanged', data: { by: 'staff', promisedAt } };
const event = recorded(`order-${anOrder}`, changed, 9);
const delivered = (history: readonly OrderEvent[]) =>
  fold(order, order.initial, [orderPlaced({ mode: 'delivery' }), ...history.slice(1), changed]) as ExistingOrder;
const opened = fold(ticket, ticket.initial, [{ type: 'TicketOpened', data: openedTicket() }]);

/** The ticket that is asked for, when that is what the store has. */
const asked = (its: ExistingOrder, there: Ticket = opened) =>
  ticketToMove(event, its, {
    latest: () => Promise.resolve(there as never),
    known: () => Promise.reject(new Error('it may be older')),
    settings: () => Promise.reject(new Error('nobody needs them')),
    now: () => promisedAt,
  });

describe('another time that an order is to be brought at', () => {
  it('is told to the kitchen that has the order: it begins so much earlier as it needs', async () => {
    const its = delivered(histories.in_fulfilment);
    const rounds = playEvent(delivery, event, { of: 'order', order: its, moved: await asked(its) });
    expect(names(rounds)).to.deep.equal([['ChangePromise']]);
    expect(commandsOf(rounds, 'ChangePromise')[0]).to.deep.include({
      promisedAt,
      fireAt: '2024-05-04T17:59:00.000Z',
    });
  });

  it('waits for a ticket that is not open yet', async () => {
    const its = delivered(histories.confirmed);
    const state = { of: 'order', order: its, moved: await asked(its, ticket.initial) } as const;
    const rounds = playEvent(delivery, event, state, (step) =>
      step.kind === 'ticket' ? refusedWith({ _tag: 'NotFound', ...{ what: 'ticket' } }) : undefined,
    );
    expect(names(rounds)).to.deep.equal([['ChangePromise'], ['later']]);
  });

  it('stands where its kitchen follows what it heard before, and not where that said something since', async () => {
    const other = '2024-05-04T19:00:00.000Z';
    const heardAfter = async (byKitchen: boolean): Promise<unknown> => {
      const its = delivered(histories.in_fulfilment);
      const said = { by: 'system', promisedAt: other, ...(byKitchen ? { byKitchen } : {}) } as const;
      const now = order.evolve(its, { type: 'DeliveryChanged', data: said });
      const folds = { at: () => Promise.resolve(its), latest: () => Promise.reject(new Error('not asked')) };
      const latest = (_: unknown, stream: string) => Promise.resolve(stream.startsWith('order-') ? now : opened);
      const state = await delivery.load(event, folds as never, { latest } as never);
      return state.of === 'order' && state.moved !== undefined;
    };
    expect([await heardAfter(false), await heardAfter(true)]).to.deep.equal([true, false]);
  });

  it('is what the order is confirmed with, where it comes before', async () => {
    const its = delivered(histories.awaiting_payment);
    expect(await asked(its)).to.equal(undefined);
    expect(playEvent(delivery, event, { of: 'order', order: its })).to.deep.equal([]);
    expect(orderBlock(its).promisedAt).to.equal(promisedAt);
  });
});
