import type { TicketId } from '../../domain/kernel/ids.js';
import type { TicketStatus, TicketView } from '../../domain/ticket/commands.js';
import type { Queryable } from '../../subscriptions/ports/database.js';
import { type Freshness, freshnessOf } from '../freshness.js';
import { KITCHEN_BOARD } from './schema.js';

/** The place of a ticket on the board. */
export interface TicketListKey {
  /** RFC 3339, as in the view. */
  readonly openedAt: string;
  readonly rush: boolean;
  readonly id: TicketId;
}

export interface TicketsPageRequest {
  /** One state, or any of several; absent: whatever the kitchen still has to look at. */
  readonly state?: TicketStatus | readonly TicketStatus[];
  /** Only tickets with something for this station. */
  readonly station?: string;
  readonly limit?: number;
  readonly cursor?: TicketListKey;
}

export interface TicketsPage extends Freshness {
  readonly items: readonly TicketView[];
  readonly next?: TicketListKey;
}

export interface KitchenQueries {
  /** The board, what is urgent first, then the oldest; without a state whatever the kitchen still has to look at. At most `limit` (default 200). */
  ticketsByState(state?: TicketStatus | readonly TicketStatus[], limit?: number): Promise<readonly TicketView[]>;
  /** The same by pages, with how current it is. */
  ticketsPage(request: TicketsPageRequest): Promise<TicketsPage>;
  ticketById(id: TicketId): Promise<TicketView | undefined>;
}

const BOARD_LIMIT = 200;

/** Reads the kitchen board. Every method throws DatabaseUnavailable. */
export const kitchenQueries = (database: Queryable): KitchenQueries => {
  const ticketsPage = async ({
    state,
    station,
    limit = BOARD_LIMIT,
    cursor,
  }: TicketsPageRequest): Promise<TicketsPage> => {
    const params: unknown[] = [];
    const param = (value: unknown): string => `$${params.push(value)}`;
    const conditions = [
      state === undefined ? 'on_board' : `status = ANY (${param(typeof state === 'string' ? [state] : state)})`,
    ];
    if (station !== undefined) conditions.push(`stations ? ${param(station)}`);
    if (cursor) {
      const { rush, openedAt, id } = cursor;
      conditions.push(
        `((NOT rush), opened_at, id) > (${param(!rush)}::boolean, ${param(openedAt)}::timestamptz, ${param(id)})`,
      );
    }
    const freshness = await freshnessOf(database, KITCHEN_BOARD);
    const { rows } = await database.query<{ view: TicketView }>(
      `SELECT view FROM ${KITCHEN_BOARD} WHERE ${conditions.join(' AND ')}
       ORDER BY (NOT rush), opened_at, id LIMIT ${param(limit + 1)}`,
      params,
    );
    const items = rows.slice(0, limit).map(({ view }) => view);
    const last = items.at(-1);
    const more = rows.length > limit && last !== undefined;
    return {
      items,
      ...(more ? { next: { rush: last.rush, openedAt: last.openedAt, id: last.id } } : {}),
      ...freshness,
    };
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
