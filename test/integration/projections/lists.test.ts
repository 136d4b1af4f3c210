import { expect } from 'chai';
import type { RecordedEvent } from '../../../src/domain/events.js';
import type { LocationId, MerchantOrderNo, OrderId } from '../../../src/domain/kernel/ids.js';
import { offerStream, stockStream } from '../../../src/domain/kernel/streams.js';
import { catalogueProjection } from '../../../src/projections/catalogue/projection.js';
import { catalogueQueries } from '../../../src/projections/catalogue/queries.js';
import { catalogueSchema } from '../../../src/projections/catalogue/schema.js';
import { kitchenProjection } from '../../../src/projections/kitchen/projection.js';
import { kitchenQueries } from '../../../src/projections/kitchen/queries.js';
import { kitchenBoardSchema } from '../../../src/projections/kitchen/schema.js';
import { orderProjection } from '../../../src/projections/order/projection.js';
import {
  type OrderFilter,
  type OrderListKey,
  orderQueries,
  type OrderQueries,
} from '../../../src/projections/order/queries.js';
import { ORDER_VIEW, orderViewSchema } from '../../../src/projections/order/schema.js';
import { stockProjection } from '../../../src/projections/stock/projection.js';
import { stockQueries } from '../../../src/projections/stock/queries.js';
import { stockLevelSchema } from '../../../src/projections/stock/schema.js';
import type { ProjectionDefinition } from '../../../src/subscriptions/contract.js';
import { createFolds } from '../../../src/subscriptions/folds.js';
import type { Queryable } from '../../../src/subscriptions/ports/database.js';
import { anOrder, at, aTicket, idOf, main, openedTicket, placedOrder, sku } from '../../support/fixtures.js';
import { changedOffer, rejectedOrder, servedTicket } from '../../unit/projections/histories.js';
import { enter, type Ground } from '../subscriptions/setup.js';
import { givenProjection } from './given.js';

describe('lists of read models', () => {
  let ground: Ground;
  before(async function () {
    this.timeout(300_000);
    ground = await enter([orderViewSchema, stockLevelSchema, kitchenBoardSchema, catalogueSchema]);
  });
  afterEach(() => ground.clear());
  after(() => ground.leave());
  const given = (definition: ProjectionDefinition) => givenProjection(ground, definition);

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

  const idsOf =
    (queries: OrderQueries) =>
    async (filter: OrderFilter): Promise<OrderId[]> =>
      (await queries.ordersPage({ limit: 10, ...filter })).items.map(({ id }) => id);

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
    const idsBy = idsOf(queries);
    expect(await idsBy({ status: ['rejected'] })).to.deep.equal([idOf('order', 2)]);
    expect(await idsBy({ status: ['rejected', 'placed'] })).to.have.length(2);
    expect(await idsBy({ merchantOrderNo: invoice })).to.deep.equal([idOf('order', 1)]);
    expect(await idsBy({ merchantOrderNo: invoice, status: ['rejected'] })).to.deep.equal([]);
  });

  it('filter by payment, fulfilment, mode, channel, location and time, all that is given at once', async () => {
    const orders = given(orderProjection());
    const bar = 'bar' as LocationId;
    await orders.when(place(1, { mode: 'pickup', placedAt: '2024-05-04T10:00:00.000Z' }));
    await orders.when(place(2, { mode: 'dine_in', locationId: bar, placedAt: '2024-05-04T11:00:00.000Z' }));
    await orders.when(place(3, { mode: 'dine_in', channel: 'pos', placedAt: '2024-05-04T12:00:00.000Z' }));
    const idsBy = idsOf(orderQueries(ground.database));
    const ids = (...numbers: readonly number[]): OrderId[] => numbers.map((n) => idOf('order', n));
    expect(await idsBy({ mode: ['dine_in'] })).to.deep.equal(ids(3, 2));
    expect(await idsBy({ mode: ['dine_in', 'pickup'] })).to.deep.equal(ids(3, 2, 1));
    expect(await idsBy({ mode: ['dine_in'], locationId: [bar] })).to.deep.equal(ids(2));
    expect(await idsBy({ channel: ['pos'] })).to.deep.equal(ids(3));
    expect(await idsBy({ channel: ['pos', 'api'], mode: ['pickup'] })).to.deep.equal(ids(1));
    // from is included, to is not; any offset is the same moment
    expect(await idsBy({ placedFrom: '2024-05-04T13:00:00+02:00' })).to.deep.equal(ids(3, 2));
    expect(await idsBy({ placedTo: '2024-05-04T11:00:00.000Z' })).to.deep.equal(ids(1));
    expect(await idsBy({ payment: ['pending'], fulfilment: ['none'] })).to.deep.equal(ids(3, 2, 1));
    expect(await idsBy({ payment: ['paid', 'overpaid'] })).to.deep.equal([]);
    expect(await idsBy({ fulfilment: ['queued'] })).to.deep.equal([]);
  });

  it('find the beginnings of words in numbers and in what was ordered, whatever their case and accents', async () => {
    const orders = given(orderProjection());
    const [line] = placedOrder().lines;
    if (!line) throw new Error('an order without lines');
    const named = (name: string) => ({ lines: [{ ...line, name }] });
    await orders.when(place(1, { number: '4Q8Z-0K3M-7TXB-5', ...named('Crème brûlée & Espresso') }));
    await orders.when(place(2, { number: '7QQQ-0K3M-7TXB-5', merchantOrderNo: 'INV/2024-007' as MerchantOrderNo }));
    await orders.when(place(3, { number: '8QQQ-1111-2222-6', ...named("Pizza 'Diavola' | 30 cm") }));
    const idsBy = idsOf(orderQueries(ground.database));
    const found = async (text: string): Promise<number[]> => {
      const ids = await idsBy({ text });
      return [1, 2, 3].filter((n) => ids.includes(idOf('order', n)));
    };
    expect(await found('creme')).to.deep.equal([1]);
    expect(await found('BRÛL espr')).to.deep.equal([1]);
    expect(await found('4q8z0k3m')).to.deep.equal([1]);
    expect(await found('0K3M-7TXB')).to.deep.equal([1, 2]);
    expect(await found('inv/2024')).to.deep.equal([2]);
    expect(await found("'diavola' | !30")).to.deep.equal([3]);
    expect(await found('cm 4q8z')).to.deep.equal([]);
    expect(await found('& | !')).to.deep.equal([]);
  });

  it('give the oldest first where that is wanted, page by page', async () => {
    const orders = given(orderProjection());
    for (let n = 0; n < 5; n++) await orders.when(place(n));
    const queries = orderQueries(ground.database);
    const first = await queries.ordersPage({ limit: 3, oldestFirst: true });
    const second = await queries.ordersPage({
      limit: 3,
      oldestFirst: true,
      ...(first.next ? { cursor: first.next } : {}),
    });
    expect([...first.items, ...second.items].map(({ id }) => id)).to.deep.equal(
      [0, 1, 2, 3, 4].map((n) => idOf('order', n)),
    );
    expect(second.next).to.equal(undefined);
  });

  it('say as of when they are complete', async () => {
    const queries = orderQueries(ground.database);
    const before = await queries.ordersPage({ limit: 1 });
    expect(before.asOf).to.equal('1970-01-01T00:00:00.000Z');
    const subscriptions = ground.subscriptions();
    subscriptions.addProjection(orderProjection());
    await subscriptions.start();
    place(1);
    expect(await queries.shownUpTo()).to.equal(-1n);
    await subscriptions.reached(ORDER_VIEW, ground.log.last);
    expect(await queries.shownUpTo()).to.equal(ground.log.last);
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
    expect((await queries.ticketsByState()).map(({ id }) => id)).to.deep.equal([idOf('ticket', 3), idOf('ticket', 2)]);
    expect((await queries.ticketsByState('handed_over')).map(({ id }) => id)).to.deep.equal([aTicket]);
    expect(await queries.ticketsByState(['ready', 'preparing'])).to.deep.equal([]);
    const first = await queries.ticketsPage({ limit: 1 });
    expect(first.next?.id).to.equal(idOf('ticket', 3));
    const second = await queries.ticketsPage({ limit: 1, ...(first.next ? { cursor: first.next } : {}) });
    expect(second.items.map(({ id }) => id)).to.deep.equal([idOf('ticket', 2)]);
    expect(second.next).to.equal(undefined);
  });

  it('give the whole board, bring of it what was written since, and the same board where nothing was', async () => {
    const projection = given(kitchenProjection());
    const opened = (n: number) =>
      ground.log.append(`ticket-${idOf('ticket', n)}`, {
        type: 'TicketOpened',
        data: openedTicket({ ticketId: idOf('ticket', n), openedAt: `2024-05-04T12:${n % 60}:00.000Z` }),
      });
    let brought = 0;
    const counting: Queryable = {
      query: async (text, params) => {
        const result = await ground.database.query(text, params);
        brought += result.rows.filter((row) => (row as { view?: unknown }).view).length;
        return result as never;
      },
    };
    const queries = kitchenQueries(counting);
    const empty = await queries.board();
    expect([empty.tickets.size, empty.more, empty.position]).to.deep.equal([0, false, '0']);
    await projection.when([...opened(11), ...opened(10)]);
    const [first, same] = await Promise.all([queries.board(), queries.board()]);
    expect([...first.tickets.keys()]).to.deep.equal([idOf('ticket', 10), idOf('ticket', 11)]);
    expect([same === first, brought]).to.deep.equal([true, 2]);
    const rush = { type: 'TicketPrioritised', data: { rush: true, by: 'ana' } } as const;
    await projection.when(ground.log.append(`ticket-${idOf('ticket', 11)}`, rush));
    const second = await queries.board();
    expect([...second.tickets.values()].map(({ view }) => [view.id, view.rush])).to.deep.equal([
      [idOf('ticket', 11), true],
      [idOf('ticket', 10), false],
    ]);
    expect([brought, second.tickets.get(idOf('ticket', 10))]).to.deep.equal([3, first.tickets.get(idOf('ticket', 10))]);
    expect(await queries.board()).to.equal(second);
    // as a rebuild does: the same revision, written anew
    await ground.database.query(`UPDATE kitchen_board_v3 SET view = view WHERE id = $1`, [idOf('ticket', 10)]);
    expect((await queries.board()).tickets.get(idOf('ticket', 10))?.version).not.to.equal(
      second.tickets.get(idOf('ticket', 10))?.version,
    );
  });

  it('give the kitchen as many tickets as a board shows, and say that there are more', async () => {
    const projection = given(kitchenProjection());
    await projection.when(
      Array.from({ length: 501 }, (_, n) =>
        ground.log.append(`ticket-${idOf('ticket', n)}`, {
          type: 'TicketOpened',
          data: openedTicket({ ticketId: idOf('ticket', n) }),
        }),
      ).flat(),
    );
    const { tickets, more } = await kitchenQueries(ground.database).board();
    expect([tickets.size, more]).to.deep.equal([500, true]);
  });

  it('show the kitchen no ticket that was cancelled before it was opened, and go on to the next', async () => {
    const board = given(kitchenProjection());
    const cancelled = {
      orderId: anOrder,
      reason: 'changed my mind',
      by: 'cancellation',
      forced: false,
      cancelledAt: at,
    };
    await board.when(ground.log.append(`ticket-${aTicket}`, { type: 'TicketCancelled', data: cancelled }));
    const next = idOf('ticket', 2);
    await board.when(
      ground.log.append(`ticket-${next}`, { type: 'TicketOpened', data: openedTicket({ ticketId: next }) }),
    );
    const queries = kitchenQueries(ground.database);
    expect(await queries.ticketById(aTicket)).to.equal(undefined);
    expect(await queries.ticketsByState('cancelled')).to.deep.equal([]);
    expect((await queries.ticketsByState()).map(({ id }) => id)).to.deep.equal([next]);
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

  it('give the stock by sku and location, page by page', async () => {
    const levels = given(stockProjection({ folds: createFolds({ reader: ground.log }) }));
    const harbour = 'harbour' as LocationId;
    for (const [name, locationId] of [
      ['b', main],
      ['a', main],
      ['a', harbour],
    ] as const) {
      const item = { sku: sku(name), locationId, unit: 'piece' };
      const limits = { onHand: 1, threshold: 0, safety: 0, backorderLimit: 0 };
      const registered = { type: 'StockRegistered', data: { ...item, ...limits } } as const;
      await levels.when(ground.log.append(stockStream(sku(name), locationId), registered));
    }
    const queries = stockQueries(ground.database);
    const place = (item: { sku: string; locationId: string }): string => `${item.sku} ${item.locationId}`;
    const first = await queries.stockPage({ limit: 2 });
    const second = await queries.stockPage({ limit: 2, ...(first.next ? { cursor: first.next } : {}) });
    expect([...first.items, ...second.items].map(place)).to.deep.equal(['a harbour', 'a main', 'b main']);
    expect(second.next).to.equal(undefined);
    const only = async (wanted: object) => (await queries.stockPage({ limit: 9, ...wanted })).items.map(place);
    expect(await only({ sku: sku('a') })).to.deep.equal(['a harbour', 'a main']);
    expect(await only({ locationId: main })).to.deep.equal(['a main', 'b main']);
  });

  it('have nothing for ids that they do not know', async () => {
    expect(await orderQueries(ground.database).orderById(anOrder)).to.equal(undefined);
    expect(await orderQueries(ground.database).orderByNumber('0000-0000-0000-0')).to.equal(undefined);
    expect(await kitchenQueries(ground.database).ticketById(aTicket)).to.equal(undefined);
    expect(await stockQueries(ground.database).stockLevel(sku('nothing'), main)).to.equal(undefined);
    expect(await catalogueQueries(ground.database).offerBySku(sku('nothing'))).to.equal(undefined);
  });
});
