import type { TicketId } from '../../domain/kernel/ids.js';
import type { TicketStatus, TicketView } from '../../domain/ticket/commands.js';
import type { Queryable } from '../../subscriptions/ports/database.js';
import { type Freshness, freshnessOf } from '../freshness.js';
import { readTogether } from '../readTogether.js';
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

/** A ticket on the board, and which version of its row this is: another one whenever the row was written. */
export interface ShownTicket {
  readonly version: string;
  readonly view: TicketView;
}

/** Whatever the kitchen still has to look at, what is urgent first, then the oldest. Never changed, only replaced. */
export interface Board {
  /** Everything up to this position of the log is on it, and nothing later; decimal, for it may exceed 2^53. */
  readonly position: string;
  readonly tickets: ReadonlyMap<TicketId, ShownTicket>;
  /** Whether more tickets are open than it shows. */
  readonly more: boolean;
}

export interface KitchenQueries {
  /**
   * The whole board as it is now, 500 tickets at most. Those who ask at the same time share one statement, which brings only
   * the tickets that were written since the last one; where none was, the board is the same object as before.
   */
  board(): Promise<Board>;
  /** The board, what is urgent first, then the oldest; without a state whatever the kitchen still has to look at. At most `limit` (default 200). */
  ticketsByState(state?: TicketStatus | readonly TicketStatus[], limit?: number): Promise<readonly TicketView[]>;
  /** The same by pages, with how current it is. */
  ticketsPage(request: TicketsPageRequest): Promise<TicketsPage>;
  ticketById(id: TicketId): Promise<TicketView | undefined>;
}

const BOARD_LIMIT = 200;
const MOST_ON_BOARD = 500;

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
  let last: Board | undefined;
  const boards = readTogether(async (_: readonly 'board'[]) => {
    last = await readBoard(database, last);
    return new Map([['board' as const, last]]);
  });
  return {
    board: async () => {
      const board = await boards('board');
      if (!board) throw new Error('the kitchen board was not read');
      return board;
    },
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

interface BoardRow {
  readonly position: string | null;
  /** Null in a row of its own where the board is empty. */
  readonly id: TicketId | null;
  readonly version: string;
  /** Null: the version that is known already. */
  readonly view: TicketView | null;
}

/**
 * Reads the board and the position of its read model in one statement, so in one snapshot: rows and checkpoint are committed
 * together. `xmin` is the transaction that wrote a row: unlike its revision it is another one also after a rebuild.
 */
async function readBoard(database: Queryable, before: Board | undefined): Promise<Board> {
  const known = [...(before?.tickets ?? [])];
  const { rows } = await database.query<BoardRow>(
    `SELECT mark.position, board.id, board.version, board.view
     FROM (SELECT (SELECT position FROM checkpoints WHERE name = $1) AS position) AS mark
     LEFT JOIN (
       SELECT shown.id, shown.rush, shown.opened_at, shown.xmin::text AS version,
              CASE WHEN known.version = shown.xmin::text THEN NULL ELSE shown.view END AS view
       FROM ${KITCHEN_BOARD} AS shown LEFT JOIN unnest($2::text[], $3::text[]) AS known (id, version) ON known.id = shown.id
       WHERE shown.on_board ORDER BY (NOT shown.rush), shown.opened_at, shown.id LIMIT $4
     ) AS board ON true
     ORDER BY (NOT board.rush), board.opened_at, board.id`,
    [KITCHEN_BOARD, known.map(([id]) => id), known.map(([, { version }]) => version), MOST_ON_BOARD + 1],
  );
  const tickets = new Map<TicketId, ShownTicket>();
  for (const { id, version, view } of rows.slice(0, MOST_ON_BOARD)) {
    const shown = view ? { version, view } : id && before?.tickets.get(id);
    if (id && shown) tickets.set(id, shown);
  }
  const more = rows.length > MOST_ON_BOARD;
  if (before?.more === more && isSame(before.tickets, tickets)) return before;
  return { position: rows[0]?.position ?? '0', tickets, more };
}

const isSame = (before: Board['tickets'], after: Board['tickets']): boolean =>
  before.size === after.size && [...after].every(([id, shown]) => before.get(id) === shown);
