import type { TicketId } from '../../domain/kernel/ids.js';
import type { TicketStatus, TicketView } from '../../domain/ticket/commands.js';
import type { Queryable } from '../../subscriptions/ports/database.js';
import { type Freshness, freshnessOf } from '../freshness.js';
import { KITCHEN_BOARD } from './schema.js';

/** The place of a ticket on the board. */
export interface TicketListKey {
  /** RFC 3339, as in the view. */
  readonly openedAt: string;
  readonly id: TicketId;
}

export interface TicketsPageRequest {
  /** One state, or any of several; absent: whatever is not handed over yet. */
  readonly state?: TicketStatus | readonly TicketStatus[];
  readonly limit?: number;
  readonly cursor?: TicketListKey;
}

export interface TicketsPage extends Freshness {
  readonly items: readonly TicketView[];
  readonly next?: TicketListKey;
}

export interface KitchenQueries {
  /** The board, oldest ticket first; without a state everything that is not handed over yet. At most `limit` (default 200). */
  ticketsByState(state?: TicketStatus | readonly TicketStatus[], limit?: number): Promise<readonly TicketView[]>;
  /** The same by pages, with how current it is. */
  ticketsPage(request: TicketsPageRequest): Promise<TicketsPage>;
  ticketById(id: TicketId): Promise<TicketView | undefined>;
}

const BOARD_LIMIT = 200;

/** Reads the kitchen board. Every method throws DatabaseUnavailable. */
export const kitchenQueries = (database: Queryable): KitchenQueries => {
  const ticketsPage = async ({ state, limit = BOARD_LIMIT, cursor }: TicketsPageRequest): Promise<TicketsPage> => {
    const params: unknown[] = [];
    const param = (value: unknown): string => `$${params.push(value)}`;
    const conditions = [
      state === undefined
        ? `status <> 'handed_over'`
        : `status = ANY (${param(typeof state === 'string' ? [state] : state)})`,
    ];
    if (cursor) conditions.push(`(opened_at, id) > (${param(cursor.openedAt)}::timestamptz, ${param(cursor.id)})`);
    const freshness = await freshnessOf(database, KITCHEN_BOARD);
    const { rows } = await database.query<{ view: TicketView }>(
      `SELECT view FROM ${KITCHEN_BOARD} WHERE ${conditions.join(' AND ')}
       ORDER BY opened_at, id LIMIT ${param(limit + 1)}`,
      params,
    );
    const items = rows.slice(0, limit).map(({ view }) => view);
    const last = items.at(-1);
    const more = rows.length > limit && last !== undefined;
    return { items, ...(more ? { next: { openedAt: last.openedAt, id: last.id } } : {}), ...freshness };
  };
  return {
    ticketsPage,
    ticketsByState: async (state, limit) =>
      (await ticketsPage({ ...(state === undefined ? {} : { state }), ...(limit === undefined ? {} : { limit }) }))
        .items,
    ticketById: async (id) => {
      const { rows } = await database.query<{ view: TicketView }>(`SELECT view FROM ${KITCHEN_BOARD} WHERE id = $1`, [
        id,
      ]);
      return rows[0]?.view;
    },
  };
};
