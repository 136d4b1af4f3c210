import type { LocationId, MerchantOrderNo, OrderId } from '../../domain/kernel/ids.js';
import type { OrderStatus, OrderView } from '../../domain/order/index.js';
import type { Queryable } from '../../subscriptions/ports/database.js';
import { type Freshness, freshnessOf, shownUpTo } from '../freshness.js';
import { readTogether } from '../readTogether.js';
import { ORDER_VIEW, SEARCH_VECTOR } from './schema.js';
import { searchWords } from './searchWords.js';

/** The place of an order in the list, newest first. How it travels to clients and back is the business of the API. */
export interface OrderListKey {
  /** RFC 3339, as in the view. */
  readonly placedAt: string;
  readonly id: OrderId;
}

/** Which orders: those for which everything holds that is given. Of several values of one kind, any will do. */
export interface OrderFilter {
  readonly status?: readonly OrderStatus[];
  readonly payment?: readonly OrderView['payment']['status'][];
  readonly fulfilment?: readonly OrderView['fulfilment']['status'][];
  readonly mode?: readonly OrderView['mode'][];
  readonly channel?: readonly OrderView['channel'][];
  readonly locationId?: readonly LocationId[];
  readonly merchantOrderNo?: MerchantOrderNo;
  /** RFC 3339: placed then or later. */
  readonly placedFrom?: string;
  /** RFC 3339: placed before. */
  readonly placedTo?: string;
  /** Words, or the beginnings of words, of the order's numbers and of what was ordered: all of them. */
  readonly text?: string;
}

export interface OrdersPageRequest extends OrderFilter {
  /** Default: the newest first. */
  readonly oldestFirst?: boolean;
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

/** A view as its row holds it: to hand it on nobody need parse it and write it again. */
export interface ViewText {
  readonly revision: number;
  readonly json: string;
}

export interface OrderQueries {
  /** The order as its view stands, with the revision that it stands at; undefined when the view has none. */
  orderById(id: OrderId): Promise<OrderView | undefined>;
  /** The same, unparsed. */
  orderTextById(id: OrderId): Promise<ViewText | undefined>;
  /** The order that people call by this number, in its one spelling; undefined when the view has none. */
  orderByNumber(number: string): Promise<OrderView | undefined>;
  /** Orders by when they were placed. An order that is placed while a client pages from the newest on appears on no later page, none appears twice. */
  ordersPage(request: OrdersPageRequest): Promise<OrdersPage>;
  /** Up to which commit position of the log the view shows every order; −1 before its first event. */
  shownUpTo(): Promise<bigint>;
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

  orderTextById: readTogether(async (ids: readonly OrderId[]) => {
    const { rows } = await database.query<{ id: OrderId; revision: number; json: string }>(
      `SELECT id, revision, view::text AS json FROM ${ORDER_VIEW} WHERE id = ANY ($1)`,
      [ids],
    );
    return new Map(rows.map(({ id, ...view }) => [id, view]));
  }),

  orderByNumber: async (number) => {
    // sixty bits of a keyed hash: two orders with one number are not to be expected, and no reason to fail
    const { rows } = await database.query<{ view: OrderView }>(
      `SELECT view FROM ${ORDER_VIEW} WHERE number = $1 ORDER BY placed_at DESC, id DESC LIMIT 1`,
      [number],
    );
    return rows[0]?.view;
  },

  ordersPage: async ({ limit, cursor, oldestFirst = false, ...filter }) => {
    const params: unknown[] = [];
    const param = (value: unknown): string => `$${params.push(value)}`;
    const conditions = conditionsOf(filter, param);
    const [beyond, order] = oldestFirst ? ['>', 'placed_at, id'] : ['<', 'placed_at DESC, id DESC'];
    if (cursor)
      conditions.push(`(placed_at, id) ${beyond} (${param(cursor.placedAt)}::timestamptz, ${param(cursor.id)})`);
    const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
    // asked first: the page may then hold more than the mark promises, never less
    const freshness = await freshnessOf(database, ORDER_VIEW);
    const { rows } = await database.query<{ view: OrderView }>(
      `SELECT view FROM ${ORDER_VIEW} ${where} ORDER BY ${order} LIMIT ${param(limit + 1)}`,
      params,
    );
    const items = rows.slice(0, limit).map(({ view }) => view);
    const last = items.at(-1);
    const more = rows.length > limit && last !== undefined;
    return { items, ...(more ? { next: { placedAt: last.placedAt, id: last.id } } : {}), ...freshness };
  },

  shownUpTo: () => shownUpTo(database, ORDER_VIEW),
});

function conditionsOf(filter: OrderFilter, param: (value: unknown) => string): string[] {
  const { status, payment, fulfilment, mode, channel, locationId, merchantOrderNo, placedFrom, placedTo, text } =
    filter;
  const anyOf = { status, payment, fulfilment, mode, channel, location_id: locationId };
  const conditions = Object.entries(anyOf).flatMap(([column, values]) =>
    values === undefined ? [] : [`${column} = ANY (${param(values)})`],
  );
  if (merchantOrderNo !== undefined) conditions.push(`merchant_order_no = ${param(merchantOrderNo)}`);
  if (placedFrom !== undefined) conditions.push(`placed_at >= ${param(placedFrom)}::timestamptz`);
  if (placedTo !== undefined) conditions.push(`placed_at < ${param(placedTo)}::timestamptz`);
  if (text !== undefined) {
    const words = searchWords(text);
    // quoted, since a word may read like an operator; letters and digits need no more than that
    const wanted = words.map((word) => `'${word}':*`).join(' & ');
    conditions.push(words.length > 0 ? `${SEARCH_VECTOR} @@ ${param(wanted)}::tsquery` : 'false');
  }
  return conditions;
}
