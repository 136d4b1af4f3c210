import type { MerchantOrderNo, OrderId } from '../../domain/kernel/ids.js';
import type { OrderStatus, OrderView } from '../../domain/order/index.js';
import type { Queryable } from '../../subscriptions/ports/database.js';
import { type Freshness, freshnessOf } from '../freshness.js';
import { readTogether } from '../readTogether.js';
import { ORDER_VIEW } from './schema.js';

/** The place of an order in the list, newest first. How it travels to clients and back is the business of the API. */
export interface OrderListKey {
  /** RFC 3339, as in the view. */
  readonly placedAt: string;
  readonly id: OrderId;
}

export interface OrdersPageRequest {
  /** One status, or any of several; absent: all. */
  readonly status?: OrderStatus | readonly OrderStatus[];
  readonly merchantOrderNo?: MerchantOrderNo;
  /** How many at most; 1 or more. */
  readonly limit: number;
  /** The page after this order; absent: the first page. */
  readonly cursor?: OrderListKey;
}

export interface OrdersPage extends Freshness {
  readonly items: readonly OrderView[];
  /** Where the next page begins; absent on the last one. */
  readonly next?: OrderListKey;
}

export interface OrderQueries {
  /** The order as its view stands, with the revision that it stands at; undefined when the view has none. */
  orderById(id: OrderId): Promise<OrderView | undefined>;
  /** The order that people call by this number, in its one spelling; undefined when the view has none. */
  orderByNumber(number: string): Promise<OrderView | undefined>;
  /** Orders, newest first. An order that is placed while a client pages appears on no later page, none appears twice. */
  ordersPage(request: OrdersPageRequest): Promise<OrdersPage>;
}

/** Reads the order view. Every method throws DatabaseUnavailable. */
export const orderQueries = (database: Queryable): OrderQueries => ({
  orderById: readTogether(async (ids: readonly OrderId[]) => {
    const { rows } = await database.query<{ id: OrderId; view: OrderView }>(
      `SELECT id, view FROM ${ORDER_VIEW} WHERE id = ANY ($1)`,
      [ids],
    );
    return new Map(rows.map(({ id, view }) => [id, view]));
  }),

  orderByNumber: async (number) => {
    // sixty bits of a keyed hash: two orders with one number are not to be expected, and no reason to fail
    const { rows } = await database.query<{ view: OrderView }>(
      `SELECT view FROM ${ORDER_VIEW} WHERE number = $1 ORDER BY placed_at DESC, id DESC LIMIT 1`,
      [number],
    );
    return rows[0]?.view;
  },

  ordersPage: async ({ status, merchantOrderNo, limit, cursor }) => {
    const conditions: string[] = [];
    const params: unknown[] = [];
    const param = (value: unknown): string => `$${params.push(value)}`;
    if (status !== undefined)
      conditions.push(`status = ANY (${param(typeof status === 'string' ? [status] : status)})`);
    if (merchantOrderNo !== undefined) conditions.push(`merchant_order_no = ${param(merchantOrderNo)}`);
    if (cursor) conditions.push(`(placed_at, id) < (${param(cursor.placedAt)}::timestamptz, ${param(cursor.id)})`);
    const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
    // asked first: the page may then hold more than the mark promises, never less
    const freshness = await freshnessOf(database, ORDER_VIEW);
    const { rows } = await database.query<{ view: OrderView }>(
      `SELECT view FROM ${ORDER_VIEW} ${where} ORDER BY placed_at DESC, id DESC LIMIT ${param(limit + 1)}`,
      params,
    );
    const items = rows.slice(0, limit).map(({ view }) => view);
    const last = items.at(-1);
    const more = rows.length > limit && last !== undefined;
    return { items, ...(more ? { next: { placedAt: last.placedAt, id: last.id } } : {}), ...freshness };
  },
});
