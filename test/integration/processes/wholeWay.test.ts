import { expect } from 'chai';
import { paymentIdOf, ticketIdOf } from '../../../src/commands/identity.js';
import { decodeStored } from '../../../src/commands/replay/index.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { orderStream, paymentStream, stockStream, ticketStream } from '../../../src/domain/kernel/streams.js';
import { stock } from '../../../src/domain/stock/index.js';
import { main, sku } from '../../support/fixtures.js';
import { until } from '../../support/until.js';
import { shopOn } from '../../support/world/shop.js';
import { freshName, type Ground, ground, type House, startHouse } from './house.js';

const sessionOf = (id: OrderId): string => `cs_${paymentIdOf(id, 1)}_1`;

describe('processes and consumers on a real event store, PostgreSQL and the embedded broker', function () {
  this.timeout(300_000);
  let here: Ground;
  let shop: ReturnType<typeof shopOn>;
  let house: House | undefined;

  before(async () => {
    here = await ground();
    shop = shopOn(here.outside);
  });
  after(() => here.leave());
  afterEach(async () => {
    here.provider.down = false;
    await house?.stop();
    house = undefined;
  });

  const typesIn = async (stream: string): Promise<string[]> => {
    const types: string[] = [];
    for await (const { type } of here.store.eventStore.read(stream)) types.push(type);
    return types;
  };
  const reaches = (id: OrderId, ...statuses: readonly string[]): Promise<void> =>
    until(`the order is ${statuses.join(' or ')}`, async () => statuses.includes(await shop.statusOf(id)), 60_000);
  const linked = (id: OrderId): Promise<void> =>
    until('the link is there', async () => (await typesIn(orderStream(id))).includes('PaymentLinkAttached'), 60_000);
  const timersOf = async (id: OrderId) =>
    (
      await here.database.query<{ id: string; cancelled: boolean; fired: boolean }>(
        'SELECT id, cancelled, fired_at IS NOT NULL AS fired FROM timers WHERE correlation = $1 ORDER BY id',
        [id],
      )
    ).rows;

  it('take an order from placing to completion', async () => {
    house = await startHouse(here);
    const [apple, pear] = [freshName('apple'), freshName('pear')];
    await shop.count(apple, 5);
    await shop.count(pear, 5);
    const id = await shop.place(freshName('order'), [
      [pear, 2],
      [apple, 1],
      ['wrap', 1, 'untracked'],
    ]);
    await linked(id);
    here.provider.pay(sessionOf(id));
    await here.webhook(freshName('evt'), sessionOf(id));
    await reaches(id, 'in_fulfilment');
    here.clock.forward(1); // what is on the stove is done
    await reaches(id, 'fulfilled');
    here.clock.forward(24 * 60);
    await reaches(id, 'completed');

    expect(await typesIn(ticketStream(ticketIdOf(id, main)))).to.include('TicketHandedOver');
    expect(await shop.shelf(pear)).to.deep.equal({ onHand: 3, reserved: 0 });
    expect(await shop.shelf(apple)).to.deep.equal({ onHand: 4, reserved: 0 });
    const deadline = (await timersOf(id)).find((timer) => timer.id.startsWith('payment-deadline'));
    expect(deadline).to.include({ cancelled: true, fired: false });
  });

  it('expire an order that nobody pays, and wait for a provider that is silent', async () => {
    house = await startHouse(here);
    const apple = freshName('apple');
    await shop.count(apple, 5);
    const id = await shop.place(freshName('order'), [[apple, 3]]);
    await linked(id);
    here.provider.down = true;
    const asked = here.provider.calls.length;
    here.clock.forward(31);
    await until('the provider was asked', () => here.provider.calls.includes(`expire ${sessionOf(id)}`, asked));
    expect(await shop.statusOf(id)).to.equal('awaiting_payment');
    expect(await shop.shelf(apple)).to.deep.equal({ onHand: 5, reserved: 3 });
    here.provider.down = false;
    here.clock.forward(2);
    await reaches(id, 'expired');
    await until('the stock is free', async () => (await shop.shelf(apple)).reserved === 0);
    expect(here.provider.sessions.get(sessionOf(id))?.status).to.equal('expired');
    expect((await typesIn(paymentStream(paymentIdOf(id, 1)))).at(-1)).to.equal('PaymentClosed');
  });

  it('accept exactly fifty of two hundred simultaneous orders for fifty units, never promising more', async () => {
    house = await startHouse(here, { simulateKitchen: false });
    const ticketToTheConcert = freshName('concert');
    await shop.count(ticketToTheConcert, 50);
    const ids = await Promise.all(
      Array.from({ length: 200 }, () => shop.place(freshName('order'), [[ticketToTheConcert, 1]])),
    );
    for (const id of ids) await reaches(id, 'awaiting_payment', 'rejected');
    const statuses = await Promise.all(ids.map((id) => shop.statusOf(id)));
    expect(statuses.filter((status) => status === 'awaiting_payment')).to.have.length(50);
    expect(statuses.filter((status) => status === 'rejected')).to.have.length(150);

    let item = stock.initial;
    let highest = 0;
    let events = 0;
    for await (const stored of here.store.eventStore.read(stockStream(sku(ticketToTheConcert), main))) {
      item = stock.evolve(item, decodeStored(stock.codec, stored).event);
      if (item.status === 'registered') highest = Math.max(highest, item.reserved);
      events += 1;
    }
    expect(highest).to.equal(50);
    expect(events).to.be.greaterThan(50);
    expect(await shop.shelf(ticketToTheConcert)).to.deep.equal({ onHand: 50, reserved: 50 });
  });

  it('go on to the same end, nothing twice, wherever their process ends', async () => {
    const points = [1, 3, 6, 10, 16, 26, 42];
    let ended = 0;
    for (const endsAt of points) {
      const [apple, plum] = [freshName('apple'), freshName('plum')];
      await shop.count(apple, 5);
      await shop.count(plum, 0);
      house = await startHouse(here, { endsAt });
      const served = await shop.place(freshName('order'), [[apple, 2]]);
      const short = await shop.place(freshName('order'), [
        [apple, 1],
        [plum, 1],
      ]);
      const alive = house.fuse;
      await until(
        'the process has ended, or all is done that can be',
        async () =>
          alive.blown ||
          ((await typesIn(orderStream(served))).includes('PaymentLinkAttached') &&
            (await shop.statusOf(short)) === 'rejected'),
      );
      await house.stop();
      ended += alive.blown ? 1 : 0;

      house = await startHouse(here);
      await linked(served);
      here.provider.pay(sessionOf(served));
      await here.webhook(freshName('evt'), sessionOf(served));
      await reaches(served, 'in_fulfilment', 'fulfilled');
      here.clock.forward(1);
      await reaches(served, 'fulfilled');
      await reaches(short, 'rejected');
      await until('nothing is promised any more', async () => (await shop.shelf(apple)).reserved === 0);
      await house.stop();

      expect(await typesIn(orderStream(served)), `ended at point ${endsAt}`).to.deep.equal([
        'OrderPlaced',
        'StockSecured',
        'OrderAccepted',
        'PaymentLinkAttached',
        'PaymentApplied',
        'OrderConfirmed',
        'FulfilmentStarted',
        'FulfilmentProgressed',
        'FulfilmentProgressed',
        'LinesFulfilled',
        'OrderFulfilled',
      ]);
      expect(await typesIn(orderStream(short))).to.deep.equal(['OrderPlaced', 'StockShort', 'OrderRejected']);
      expect(await shop.shelf(apple)).to.deep.equal({ onHand: 3, reserved: 0 });
      const story = await typesIn(stockStream(sku(apple), main));
      for (const type of ['StockConsumed', 'ReservationConfirmed']) {
        expect(
          story.filter((one) => one === type),
          type,
        ).to.have.length(1);
      }
    }
    expect(ended, 'points at which the process really ended').to.equal(points.length);
  });
});
