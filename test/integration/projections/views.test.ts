import { expect } from 'chai';
import type { RecordedEvent } from '../../../src/domain/events.js';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { locationStream, offerStream, stockStream } from '../../../src/domain/kernel/streams.js';
import { offer, type OfferEvent, representOffer } from '../../../src/domain/offer/index.js';
import { order, type OrderEvent, representOrder } from '../../../src/domain/order/index.js';
import { representStock, stock, type StockEvent } from '../../../src/domain/stock/index.js';
import { representTicket, ticket, type TicketEvent } from '../../../src/domain/ticket/index.js';
import { catalogueProjection } from '../../../src/projections/catalogue/projection.js';
import { catalogueQueries } from '../../../src/projections/catalogue/queries.js';
import { catalogueSchema } from '../../../src/projections/catalogue/schema.js';
import { kitchenProjection } from '../../../src/projections/kitchen/projection.js';
import { kitchenQueries } from '../../../src/projections/kitchen/queries.js';
import { kitchenBoardSchema } from '../../../src/projections/kitchen/schema.js';
import { orderProjection } from '../../../src/projections/order/projection.js';
import { orderQueries } from '../../../src/projections/order/queries.js';
import { ORDER_VIEW, orderViewSchema } from '../../../src/projections/order/schema.js';
import { stockProjection } from '../../../src/projections/stock/projection.js';
import { stockQueries } from '../../../src/projections/stock/queries.js';
import { stockLevelSchema } from '../../../src/projections/stock/schema.js';
import type { ProjectionDefinition } from '../../../src/subscriptions/contract.js';
import { createFolds } from '../../../src/subscriptions/folds.js';
import { type Database, DatabaseUnavailable, type Queryable } from '../../../src/subscriptions/ports/database.js';
import { anOrder, aTicket, idOf, main, mainLocation, sku } from '../../support/fixtures.js';
import { busyStock, changedOffer, rejectedOrder, servedOrder, servedTicket } from '../../unit/projections/histories.js';
import { until } from '../../support/until.js';
import { postgres } from '../../support/services/index.js';
import { enter, type Ground } from '../subscriptions/setup.js';
import { givenProjection } from './given.js';

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
    this.timeout(300_000);
    ground = await enter([orderViewSchema, stockLevelSchema, kitchenBoardSchema, catalogueSchema]);
  });
  afterEach(() => ground.clear());
  after(() => ground.leave());

  const given = (definition: ProjectionDefinition) => givenProjection(ground, definition);
  const rowsOf = async (table: string): Promise<unknown[]> =>
    (await ground.database.query(`SELECT * FROM ${table} ORDER BY id`)).rows;

  const cases = [
    {
      name: 'the order view',
      make: () => orderProjection(),
      table: ORDER_VIEW,
      stream: `order-${anOrder}`,
      history: servedOrder(),
    },
    {
      name: 'the kitchen board',
      make: () => kitchenProjection(),
      table: 'kitchen_board_v3',
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
      table: 'catalogue_offer_v2',
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
      await subscriptions.reached(ORDER_VIEW, half);
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
        const view = representOrder(state, revision);
        expect(await orders.orderById(id)).to.deep.equal(view);
        expect(await orders.orderTextById(id)).to.deep.equal(view && { revision, json: JSON.stringify(view) });
        if (state.status !== 'none') {
          const found = await orders.orderByNumber(state.details.number);
          expect(found?.number).to.equal(state.details.number);
        }
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
    expect(await catalogue.locationById(main)).to.deep.equal({ ...mainLocation(), revision: 0 });
  }).timeout(300_000);

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
    await subscriptions.reached(ORDER_VIEW, ground.log.last);
    const state = (n: number) => fold(order, order.initial, servedOrder(idOf('order', n)));
    for (const n of [1, 2, 3]) {
      expect(await orderQueries(ground.database).orderById(idOf('order', n))).to.deep.equal(
        representOrder(state(n), 11),
      );
    }
    expect((await ground.database.query('SELECT * FROM parked')).rows).to.deep.equal([]);
  }).timeout(300_000);

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
    await subscriptions.reached(ORDER_VIEW, ground.log.last);
    for (const id of ids) {
      const state = fold(order, order.initial, servedOrder(id));
      expect(await orderQueries(ground.database).orderById(id)).to.deep.equal(representOrder(state, 11));
    }
    expect((await ground.database.query('SELECT * FROM parked')).rows).to.deep.equal([]);
  }).timeout(300_000);
});
