import { expect } from 'chai';
import type { RecordedEvent } from '../../../src/domain/events.js';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { type MerchantOrderNo, type OrderId } from '../../../src/domain/kernel/ids.js';
import { locationStream, offerStream, stockStream } from '../../../src/domain/kernel/streams.js';
import { offer, type OfferEvent, representOffer } from '../../../src/domain/offer/index.js';
import { order, type OrderEvent, type OrderStatus, representOrder } from '../../../src/domain/order/index.js';
import { representStock, stock, type StockEvent } from '../../../src/domain/stock/index.js';
import { representTicket, ticket, type TicketEvent } from '../../../src/domain/ticket/index.js';
import { catalogueProjection } from '../../../src/projections/catalogue/projection.js';
import { catalogueQueries } from '../../../src/projections/catalogue/queries.js';
import { catalogueSchema } from '../../../src/projections/catalogue/schema.js';
import { kitchenProjection } from '../../../src/projections/kitchen/projection.js';
import { kitchenQueries } from '../../../src/projections/kitchen/queries.js';
import { kitchenBoardSchema } from '../../../src/projections/kitchen/schema.js';
import { orderProjection } from '../../../src/projections/order/projection.js';
import { type OrderListKey, orderQueries } from '../../../src/projections/order/queries.js';
import { orderViewSchema } from '../../../src/projections/order/schema.js';
import { stockProjection } from '../../../src/projections/stock/projection.js';
import { stockQueries } from '../../../src/projections/stock/queries.js';
import { stockLevelSchema } from '../../../src/projections/stock/schema.js';
import type { ProjectionDefinition } from '../../../src/subscriptions/contract.js';
import { createFolds } from '../../../src/subscriptions/folds.js';
import { type Database, DatabaseUnavailable, type Queryable } from '../../../src/subscriptions/ports/database.js';
import { anOrder, aTicket, idOf, main, mainLocation, openedTicket, placedOrder, sku } from '../../support/fixtures.js';
import { busyStock, changedOffer, rejectedOrder, servedOrder, servedTicket } from '../../unit/projections/histories.js';
import { until } from '../../support/projections.js';
import { postgres } from '../../support/services/index.js';
import { enter, type Ground } from '../subscriptions/setup.js';

/** The database as a process sees it that dies after so many statements. */
function dyingAfter(database: Database, statements: number): Database {
  let left = statements;
  const guarded = (queryable: Queryable): Queryable => ({
    query: (sql, params) => {
      left -= 1;
      return left >= 0 ? queryable.query(sql, params) : Promise.reject(new DatabaseUnavailable('dead'));
    },
  });
  return {
    ...guarded(database),
    transaction: (work) =>
      database.transaction(async (transaction) => {
        const result = await work(guarded(transaction));
        left -= 1;
        if (left < 0) throw new DatabaseUnavailable('dead before the commit');
        return result;
      }),
  };
}

describe('read models', () => {
  let ground: Ground;
  before(async function () {
    this.timeout(120_000);
    ground = await enter([orderViewSchema, stockLevelSchema, kitchenBoardSchema, catalogueSchema]);
  });
  afterEach(() => ground.clear());
  after(() => ground.leave());

  /** Projects batches as a runner would, one transaction each; `times` says how often each comes. */
  const given = (definition: ProjectionDefinition) => ({
    when: async (events: readonly RecordedEvent[], { times = 1, batch = events.length } = {}): Promise<void> => {
      for (let begin = 0; begin < events.length; begin += batch) {
        const stretch = events.slice(begin, begin + batch);
        for (let time = 0; time < times; time++) {
          await definition.prepare?.(stretch);
          await ground.database.transaction((transaction) => definition.project(stretch, transaction));
          definition.committed?.(stretch);
        }
      }
    },
  });
  const rowsOf = async (table: string): Promise<unknown[]> =>
    (await ground.database.query(`SELECT * FROM ${table} ORDER BY id`)).rows;

  const cases = [
    {
      name: 'the order view',
      make: () => orderProjection(),
      table: 'order_view_v1',
      stream: `order-${anOrder}`,
      history: servedOrder(),
    },
    {
      name: 'the kitchen board',
      make: () => kitchenProjection(),
      table: 'kitchen_board_v1',
      stream: `ticket-${aTicket}`,
      history: servedTicket,
    },
    {
      name: 'the stock level',
      make: () => stockProjection({ folds: createFolds({ reader: ground.log }) }),
      table: 'stock_level_v1',
      stream: stockStream(sku('sku-1'), main),
      history: busyStock,
    },
    {
      name: 'the catalogue',
      make: () => catalogueProjection(),
      table: 'catalogue_offer_v1',
      stream: offerStream(sku('soup')),
      history: changedOffer(),
    },
  ] as const;

  for (const { name, make, table, stream, history } of cases) {
    describe(name, () => {
      it('is the same whether its events come once or twice, in one batch or one by one', async () => {
        const events = ground.log.append(stream, ...history);
        await given(make()).when(events);
        const once = await rowsOf(table);
        expect(once).to.have.length(1);
        await given(make()).when(events, { times: 2 });
        expect(await rowsOf(table)).to.deep.equal(once);
        await ground.database.query(`TRUNCATE ${table}`);
        await given(make()).when(events, { times: 2, batch: 1 });
        expect(await rowsOf(table)).to.deep.equal(once);
      });

      it('goes on after a restart between any two events', async () => {
        const events = ground.log.append(stream, ...history);
        await given(make()).when(events);
        const whole = await rowsOf(table);
        for (let cut = 1; cut < events.length; cut++) {
          await ground.database.query(`TRUNCATE ${table}`);
          await given(make()).when(events.slice(0, cut));
          await given(make()).when(events.slice(cut));
          expect(await rowsOf(table)).to.deep.equal(whole);
        }
      });
    });
  }

  it('equal the fold of every stream, through drops and restarts', async () => {
    const streams = new Map<string, readonly RecordedEvent['event'][]>();
    for (let n = 0; n < 25; n++) {
      streams.set(
        `order-${idOf('order', n)}`,
        n % 3 === 0 ? rejectedOrder(idOf('order', n)) : servedOrder(idOf('order', n)),
      );
      streams.set(offerStream(sku(`dish_${n}`)), changedOffer(`dish_${n}`));
    }
    streams.set(`ticket-${aTicket}`, servedTicket);
    streams.set(stockStream(sku('sku-1'), main), busyStock);
    streams.set(locationStream(main), [{ type: 'LocationOpened', data: mainLocation() }]);
    const longest = Math.max(...[...streams.values()].map(({ length }) => length));
    for (const after of [3, 40, 0]) ground.log.drop(after);

    // streams interleaved, and a new process after every round
    for (let round = 0; round < longest; round++) {
      for (const [stream, history] of streams) {
        const event = history[round];
        if (event) ground.log.append(stream, event);
      }
      const subscriptions = ground.subscriptions({ takeOver: true, runnerTimings: { batchSize: 7, drainMs: 100 } });
      const { folds } = subscriptions;
      const projections = [orderProjection(), kitchenProjection(), catalogueProjection(), stockProjection({ folds })];
      for (const projection of projections) subscriptions.addProjection(projection);
      await subscriptions.start();
      const half = ground.log.events[Math.floor(ground.log.events.length * 0.9)]?.position ?? 0n;
      await subscriptions.reached('order_view_v1', half);
      await subscriptions.stop();
    }
    const last = ground.subscriptions({ takeOver: true });
    const projections = [
      orderProjection(),
      kitchenProjection(),
      catalogueProjection(),
      stockProjection({ folds: last.folds }),
    ];
    for (const projection of projections) last.addProjection(projection);
    await last.start();
    await Promise.all(projections.map(({ name }) => last.reached(name, ground.log.last)));

    expect((await ground.database.query('SELECT * FROM parked')).rows).to.deep.equal([]);
    const orders = orderQueries(ground.database);
    const catalogue = catalogueQueries(ground.database);
    for (const [stream, history] of streams) {
      const revision = history.length - 1;
      if (stream.startsWith('order-')) {
        const state = fold(order, order.initial, history as readonly OrderEvent[]);
        const id = stream.slice('order-'.length) as OrderId;
        expect(await orders.orderById(id)).to.deep.equal(representOrder(state, revision));
      }
      if (stream.startsWith('offer-')) {
        const view = representOffer(fold(offer, offer.initial, history as readonly OfferEvent[]), revision);
        if (!view) throw new Error('no offer');
        expect(await catalogue.offerBySku(view.sku)).to.deep.equal(view);
      }
    }
    expect(await kitchenQueries(ground.database).ticketById(aTicket)).to.deep.equal(
      representTicket(fold(ticket, ticket.initial, servedTicket as readonly TicketEvent[]), servedTicket.length - 1),
    );
    expect(await stockQueries(ground.database).stockLevel(sku('sku-1'), main)).to.deep.equal(
      representStock(fold(stock, stock.initial, busyStock as readonly StockEvent[]), busyStock.length - 1),
    );
    expect(await catalogue.locationById(main)).to.deep.equal(mainLocation());
  }).timeout(60_000);

  it('of stock go on in a process that did not see what another one projected meanwhile', async () => {
    const events = ground.log.append(stockStream(sku('sku-1'), main), ...busyStock);
    const [here, there] = [1, 2].map(() => given(stockProjection({ folds: createFolds({ reader: ground.log }) })));
    await here?.when(events.slice(0, 2));
    await there?.when(events.slice(2, 5));
    await here?.when(events.slice(5));
    expect(await stockQueries(ground.database).stockLevel(sku('sku-1'), main)).to.deep.equal(
      representStock(fold(stock, stock.initial, busyStock as readonly StockEvent[]), busyStock.length - 1),
    );
  });

  it('never go back: a row that comes late changes nothing', async () => {
    const stream = stockStream(sku('sku-1'), main);
    const events = ground.log.append(stream, ...busyStock);
    const folds = createFolds({ reader: ground.log });
    await given(stockProjection({ folds })).when(events);
    const newest = await rowsOf('stock_level_v1');
    await given(stockProjection({ folds })).when(events.slice(0, 3));
    expect(await rowsOf('stock_level_v1')).to.deep.equal(newest);
  });

  it('equal the fold when the process dies between any two statements', async () => {
    const streams = [1, 2, 3].map((n) => `order-${idOf('order', n)}`);
    streams.forEach((stream, n) => ground.log.append(stream, ...servedOrder(idOf('order', n + 1))));
    for (let statements = 1; statements < 40; statements++) {
      // from the given statement on nothing of this process reaches the database any more
      const subscriptions = ground.subscriptions({
        database: dyingAfter(ground.database, statements),
        takeOver: true,
        runnerTimings: { batchSize: 4, drainMs: 10 },
      });
      subscriptions.addProjection(orderProjection());
      await subscriptions.start();
      await until(
        'it has died or is done',
        () =>
          ground.kept.lines.some(({ level }) => level === 'warn') ||
          subscriptions.status().runners[0]?.position === ground.log.last,
      );
      await subscriptions.stop();
      ground.kept.lines.length = 0;
    }
    const subscriptions = ground.subscriptions({ takeOver: true });
    subscriptions.addProjection(orderProjection());
    await subscriptions.start();
    await subscriptions.reached('order_view_v1', ground.log.last);
    const state = (n: number) => fold(order, order.initial, servedOrder(idOf('order', n)));
    for (const n of [1, 2, 3]) {
      expect(await orderQueries(ground.database).orderById(idOf('order', n))).to.deep.equal(
        representOrder(state(n), 11),
      );
    }
    expect((await ground.database.query('SELECT * FROM parked')).rows).to.deep.equal([]);
  }).timeout(60_000);

  it('equal the fold when PostgreSQL is killed under load and comes back', async () => {
    const service = await postgres();
    const subscriptions = ground.subscriptions({ takeOver: true, runnerTimings: { batchSize: 10 } });
    subscriptions.addProjection(orderProjection());
    await subscriptions.start();
    const ids = Array.from({ length: 60 }, (_, n) => idOf('order', n));
    for (const [n, id] of ids.entries()) {
      ground.log.append(`order-${id}`, ...servedOrder(id));
      if (n === 20) await service.kill();
      if (n === 40) await service.start();
    }
    await subscriptions.reached('order_view_v1', ground.log.last);
    for (const id of ids) {
      const state = fold(order, order.initial, servedOrder(id));
      expect(await orderQueries(ground.database).orderById(id)).to.deep.equal(representOrder(state, 11));
    }
    expect((await ground.database.query('SELECT * FROM parked')).rows).to.deep.equal([]);
  }).timeout(60_000);

  describe('lists', () => {
    const place = (n: number, change: Partial<Parameters<typeof placedOrder>[0]> = {}): readonly RecordedEvent[] =>
      ground.log.append(`order-${idOf('order', n)}`, {
        type: 'OrderPlaced',
        // two orders share each moment: the id decides between them
        data: placedOrder({
          orderId: idOf('order', n),
          placedAt: `2024-05-04T12:00:0${Math.floor(n / 2)}.000Z`,
          ...change,
        }),
      });

    it('give every order once, newest first, page by page, though others are placed meanwhile', async () => {
      const orders = given(orderProjection());
      for (let n = 0; n < 7; n++) await orders.when(place(n));
      const queries = orderQueries(ground.database);
      const seen: OrderId[] = [];
      let cursor: OrderListKey | undefined;
      do {
        const page = await queries.ordersPage({ limit: 3, ...(cursor ? { cursor } : {}) });
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.next;
        await orders.when(place(50 + seen.length, { placedAt: '2024-05-04T13:00:00.000Z' }));
      } while (cursor);
      expect(seen).to.deep.equal([6, 5, 4, 3, 2, 1, 0].map((n) => idOf('order', n)));
    });

    it('filter by status and by merchant order number', async () => {
      const orders = given(orderProjection());
      const invoice = '536365' as MerchantOrderNo;
      await orders.when(place(1, { merchantOrderNo: invoice }));
      await orders.when(ground.log.append(`order-${idOf('order', 2)}`, ...rejectedOrder()));
      const queries = orderQueries(ground.database);
      const idsBy = async (filter: {
        status?: OrderStatus | readonly OrderStatus[];
        merchantOrderNo?: MerchantOrderNo;
      }): Promise<OrderId[]> => (await queries.ordersPage({ limit: 10, ...filter })).items.map(({ id }) => id);
      expect(await idsBy({ status: 'rejected' })).to.deep.equal([idOf('order', 2)]);
      expect(await idsBy({ status: ['rejected', 'placed'] })).to.have.length(2);
      expect(await idsBy({ merchantOrderNo: invoice })).to.deep.equal([idOf('order', 1)]);
      expect(await idsBy({ merchantOrderNo: invoice, status: 'rejected' })).to.deep.equal([]);
    });

    it('say as of when they are complete', async () => {
      const queries = orderQueries(ground.database);
      const before = await queries.ordersPage({ limit: 1 });
      expect(before.asOf).to.equal('1970-01-01T00:00:00.000Z');
      const subscriptions = ground.subscriptions();
      subscriptions.addProjection(orderProjection());
      await subscriptions.start();
      place(1);
      await subscriptions.reached('order_view_v1', ground.log.last);
      const page = await queries.ordersPage({ limit: 1 });
      expect(page.items).to.have.length(1);
      expect(Date.parse(page.asOf)).to.be.at.least(Date.parse('2024-05-04T12:00:00.000Z'));
      expect(page.lagMs).to.be.at.least(0);
    });

    it('show the kitchen what is still to be handed over, oldest first', async () => {
      const board = given(kitchenProjection());
      const open = async (n: number): Promise<void> =>
        board.when(
          ground.log.append(`ticket-${idOf('ticket', n)}`, {
            type: 'TicketOpened',
            data: openedTicket({ ticketId: idOf('ticket', n), openedAt: `2024-05-04T12:00:0${9 - n}.000Z` }),
          }),
        );
      await open(2);
      await open(3);
      await board.when(ground.log.append(`ticket-${aTicket}`, ...servedTicket));
      const queries = kitchenQueries(ground.database);
      expect((await queries.ticketsByState()).map(({ id }) => id)).to.deep.equal([
        idOf('ticket', 3),
        idOf('ticket', 2),
      ]);
      expect((await queries.ticketsByState('handed_over')).map(({ id }) => id)).to.deep.equal([aTicket]);
      expect(await queries.ticketsByState(['ready', 'preparing'])).to.deep.equal([]);
      const first = await queries.ticketsPage({ limit: 1 });
      expect(first.next?.id).to.equal(idOf('ticket', 3));
      const second = await queries.ticketsPage({ limit: 1, ...(first.next ? { cursor: first.next } : {}) });
      expect(second.items.map(({ id }) => id)).to.deep.equal([idOf('ticket', 2)]);
      expect(second.next).to.equal(undefined);
    });

    it('give the offers in the order of their skus, page by page', async () => {
      const catalogue = given(catalogueProjection());
      for (const name of ['b', 'A', 'a', 'B_1', 'B-1']) {
        await catalogue.when(ground.log.append(offerStream(sku(name)), ...changedOffer(name)));
      }
      const queries = catalogueQueries(ground.database);
      const first = await queries.offersPage({ limit: 3 });
      const second = await queries.offersPage({ limit: 3, ...(first.next ? { cursor: first.next } : {}) });
      expect([...first.items, ...second.items].map((item) => item.sku)).to.deep.equal(['A', 'B-1', 'B_1', 'a', 'b']);
      expect(second.next).to.equal(undefined);
    });

    it('have nothing for ids that they do not know', async () => {
      expect(await orderQueries(ground.database).orderById(anOrder)).to.equal(undefined);
      expect(await kitchenQueries(ground.database).ticketById(aTicket)).to.equal(undefined);
      expect(await stockQueries(ground.database).stockLevel(sku('nothing'), main)).to.equal(undefined);
      expect(await catalogueQueries(ground.database).offerBySku(sku('nothing'))).to.equal(undefined);
    });
  });
});
