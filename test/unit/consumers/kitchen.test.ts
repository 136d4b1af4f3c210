import { expect } from 'chai';
import { ticketIdOf } from '../../../src/commands/identity.js';
import { ticketStream as streamOfTicket } from '../../../src/domain/kernel/streams.js';
import { type OrderEvent } from '../../../src/domain/order/index.js';
import { ticket } from '../../../src/domain/ticket/index.js';
import { isSystemFault } from '../../../src/subscriptions/systemFault.js';
import { anOrder, at, idOf, main, orderLine, sealedNote } from '../../support/fixtures.js';
import { messageAfter } from './messageAfter.js';
import { untracked, context, world, placeOn, deliver, failure } from './house.js';

describe('the kitchen consumer', () => {
  const confirmed: OrderEvent = { type: 'OrderConfirmed', data: { basis: 'captured' } };
  const ticketStream = `ticket-${ticketIdOf(anOrder, main)}`;

  it('opens one ticket with every line, at its station or the main one, however often it is told', async () => {
    const { cooks, executor, store } = world();
    const [first, second] = untracked.lines;
    const { station: _none, ...unplaced } = first ?? orderLine(1);
    const nutty = { ...(second ?? orderLine(2)), allergens: ['nuts', 'milk'] };
    const data = { ...untracked, lines: [unplaced, nutty] };
    await placeOn(executor, data);
    const told = messageAfter([{ type: 'OrderPlaced', data }, confirmed]);
    await deliver(cooks, told);
    await deliver(cooks, told);
    expect(store.events(ticketStream)).to.have.length(1);
    const { items, ...ticket } = store.events(ticketStream)[0]?.data as { items: Record<string, unknown>[] };
    expect(ticket).to.include({ orderId: anOrder, orderNumber: 'ABCD-EFGH-JKMN-7', mode: 'pickup', openedAt: at });
    expect(items.map(({ lineId, qty, station, prepSeconds }) => [lineId, qty, station, prepSeconds])).to.deep.equal([
      [idOf('line', 1), 2, 'main', 0],
      [idOf('line', 2), 2, 'grill', 30],
    ]);
    expect(items.map(({ allergens }) => allergens)).to.deep.equal([undefined, ['nuts', 'milk']]);
  });

  it('puts on the ticket what the customer noted, which no message says', async () => {
    const { cooks, executor, store } = world();
    const [first, second] = untracked.lines;
    const lines = [first ?? orderLine(1), { ...(second ?? orderLine(2)), note: sealedNote('no onions') }];
    const data = { ...untracked, lines, note: sealedNote('a birthday') };
    await placeOn(executor, data);
    const told = messageAfter([{ type: 'OrderPlaced', data }, confirmed]);
    expect(JSON.stringify(told)).not.to.match(/sealed|onions|birthday/);
    await deliver(cooks, told);
    const opened = store.events(ticketStream)[0]?.data as { note: string; items: { note?: string }[] };
    expect(opened.note).to.equal('sealed:a birthday');
    expect(opened.items.map(({ note }) => note)).to.deep.equal([undefined, 'sealed:no onions']);
  });

  it('waits for an order that the store does not show yet', async () => {
    const { cooks, store } = world();
    const told = messageAfter([{ type: 'OrderPlaced', data: untracked }, confirmed]);
    expect(isSystemFault(await failure(deliver(cooks, told)))).to.equal(true);
    expect(store.size).to.equal(0);
  });

  it('gives each order of a business day the next number, once, and tells the cooks which table it is for', async () => {
    const { cooks, executor, store } = world();
    const opened = (n: number) =>
      store.events(`ticket-${ticketIdOf(idOf('order', n), main)}`).map(({ data }) => data as Record<string, unknown>);
    const orders = [
      { orderId: idOf('order', 1), businessDate: '2024-05-04', table: '12' },
      { orderId: idOf('order', 2), businessDate: '2024-05-04' },
      { orderId: idOf('order', 3), businessDate: '2024-05-05' },
    ].map((change) => {
      const data = { ...untracked, ...change };
      const message = messageAfter([{ type: 'OrderPlaced', data }, confirmed]);
      return { data, message: { ...message, id: `confirmed-${change.orderId}` } };
    });
    for (const { data } of orders) await placeOn(executor, data);
    const messages = orders.map(({ message }) => message);
    for (const message of [...messages, ...messages]) await deliver(cooks, message);
    expect([1, 2, 3].map((n) => opened(n).map(({ pickupNo }) => pickupNo))).to.deep.equal([[1], [2], [1]]);
    expect([1, 2].map((n) => opened(n)[0]?.['table'])).to.deep.equal(['12', undefined]);
    expect(store.events(`pickupCounter-${main}_2024-05-04`)).to.have.length(2);
  });

  it('gives an order of a day that is long over a number of today, and none to one that has its ticket', async () => {
    const { cooks, executor, store } = world();
    const late = async (n: number, businessDate: string) => {
      const data = { ...untracked, orderId: idOf('order', n), businessDate };
      await placeOn(executor, data);
      return { ...messageAfter([{ type: 'OrderPlaced', data }, confirmed]), id: `confirmed-${n}` };
    };
    const ticketId = ticketIdOf(idOf('order', 2), main);
    await executor.execute(
      ticket,
      streamOfTicket(ticketId),
      { type: 'CancelTicket', orderId: idOf('order', 2), reason: 'too slow', by: 'ana', at, force: true },
      context('cancel'),
    );
    for (const [n, date] of [
      [1, '2024-04-13'],
      [2, '2024-04-13'],
      [3, '2024-04-15'],
    ] as const) {
      await deliver(cooks, await late(n, date));
    }
    expect(store.names('pickupCounter')).to.have.members([
      `pickupCounter-${main}_2024-05-04`,
      `pickupCounter-${main}_2024-04-15`,
    ]);
    expect(store.events(`pickupCounter-${main}_2024-05-04`)).to.have.length(1);
  });

  it('promises what the kitchen cannot make in time for the next quarter of an hour with room', async () => {
    const { cooks, executor, store } = world();
    const ids = [1, 2, 3].map((n) => idOf('order', n));
    // four units each, of which the longest takes 30 s
    for (const orderId of ids) {
      const placed = { ...untracked, orderId, businessDate: '2024-05-04', kitchenCapacity: 5 };
      await placeOn(executor, placed);
      const message = messageAfter([{ type: 'OrderPlaced', data: placed }, confirmed]);
      for (const _ of [1, 2]) await deliver(cooks, { ...message, id: `confirmed-${orderId}` });
    }
    const opened = ids.map((id) =>
      store
        .events(`ticket-${ticketIdOf(id, main)}`)
        .map(({ data }) => data as Record<string, unknown>)
        .map(({ fireAt, promisedAt }) => [fireAt, promisedAt]),
    );
    expect(opened).to.deep.equal([
      [[undefined, undefined]],
      [['2024-05-04T12:15:00.000Z', '2024-05-04T12:15:30.000Z']],
      [['2024-05-04T12:30:00.000Z', '2024-05-04T12:30:30.000Z']],
    ]);
  });

  it('leaves the time of a ticket that is not opened any more to others', async () => {
    const { cooks, executor, store } = world();
    const confirmedAs = async (n: number) => {
      const placed = { ...untracked, orderId: idOf('order', n), businessDate: '2024-05-04', kitchenCapacity: 5 };
      await placeOn(executor, placed);
      return { ...messageAfter([{ type: 'OrderPlaced', data: placed }, confirmed]), id: `confirmed-${n}` };
    };
    const ticketId = ticketIdOf(idOf('order', 1), main);
    await executor.execute(
      ticket,
      streamOfTicket(ticketId),
      { type: 'CancelTicket', orderId: idOf('order', 1), reason: 'too slow', by: 'ana', at, force: true },
      context('cancel'),
    );
    for (const n of [1, 1, 2]) await deliver(cooks, await confirmedAs(n));
    expect(store.events(`pickupCounter-${main}_2024-05-04`).map(({ type }) => type)).to.deep.equal([
      'PickupNumberGiven',
      'KitchenLoadChanged',
      'PickupNumberGiven',
    ]);
    const [opened] = store.events(`ticket-${ticketIdOf(idOf('order', 2), main)}`);
    expect(opened?.data).not.to.have.property('fireAt');
  });

  it('opens none for an order that is shipped', async () => {
    const { cooks, store } = world();
    const data = { ...untracked, mode: 'shipping' as const };
    await deliver(cooks, messageAfter([{ type: 'OrderPlaced', data }, confirmed]));
    expect(store.size).to.equal(0);
  });
});
