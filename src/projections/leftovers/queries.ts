import type { LocationId, OrderId, PaymentId } from '../../domain/kernel/ids.js';
import type { StreamName } from '../../domain/kernel/streams.js';
import type { Queryable } from '../../subscriptions/ports/database.js';
import { LOCATION_TABLE } from '../catalogue/schema.js';
import { ORDER_VIEW } from '../order/schema.js';
import { PAYMENT_VIEW } from '../payments/schema.js';
import { STOCK_LEVEL } from '../stock/schema.js';

const MOST = 500;

/** For how long, in minutes, an order may stand still where something should happen by itself. */
const PLACED_MINUTES = 10;
/** A provider that does not answer holds up the end of an order for a quarter of an hour. */
const OVERDUE_MINUTES = 20;
const HELD_MINUTES = 5;
const CONFIRMED_MINUTES = 120;

/** What read models show of work that nobody has done. Every method throws DatabaseUnavailable. */
export const leftoverQueries = (database: Queryable) => ({
  /** Orders that nothing moves, with their status and since when (RFC 3339) something should have happened. */
  stuckOrders: async (now: string) => {
    const { rows } = await database.query<{ id: OrderId; status: string; since: Date }>(
      `SELECT id, status, since FROM (
         SELECT id, status, CASE status
             WHEN 'placed' THEN placed_at + $2 * interval '1 minute'
             WHEN 'awaiting_payment' THEN (view->'payment'->>'dueAt')::timestamptz + $3 * interval '1 minute'
             WHEN 'on_hold' THEN (view->'hold'->>'decideBy')::timestamptz + $4 * interval '1 minute'
             -- it may have taken its time to be paid
             ELSE greatest(placed_at, (view->'payment'->>'dueAt')::timestamptz) + $5 * interval '1 minute'
           END AS since
           FROM ${ORDER_VIEW}
          WHERE status IN ('placed', 'awaiting_payment', 'on_hold', 'confirmed')
       ) AS waiting
       WHERE since < $1 ORDER BY since LIMIT ${MOST}`,
      [now, PLACED_MINUTES, OVERDUE_MINUTES, HELD_MINUTES, CONFIRMED_MINUTES],
    );
    return rows.map(({ id, status, since }) => ({ orderId: id, status, since: since.toISOString() }));
  },
  /** Payments with a refund on its way. Where there are too many, others every time: none is left out for ever. */
  refundsUnderWay: async () => {
    const { rows } = await database.query<{ id: PaymentId }>(
      `SELECT id FROM ${PAYMENT_VIEW} WHERE refund_under_way ORDER BY random() LIMIT ${MOST}`,
      [],
    );
    return rows.map(({ id }) => id);
  },
  /** Orders of which money is to go back and has not. As above, none is left out for ever. */
  refundsOwed: async () => {
    const { rows } = await database.query<{ id: OrderId }>(
      `SELECT id FROM ${ORDER_VIEW} WHERE refund_pending ORDER BY random() LIMIT ${MOST}`,
      [],
    );
    return rows.map(({ id }) => id);
  },
  /** Orders with an amendment that waits for its stock. */
  amendmentsWaiting: async () => {
    const { rows } = await database.query<{ id: OrderId }>(
      `SELECT id FROM ${ORDER_VIEW} WHERE amending ORDER BY random() LIMIT ${MOST}`,
      [],
    );
    return rows.map(({ id }) => id);
  },
  /** Every location. */
  locations: async () => {
    const { rows } = await database.query<{ id: LocationId }>(
      `SELECT location_id AS id FROM ${LOCATION_TABLE} ORDER BY location_id`,
      [],
    );
    return rows.map(({ id }) => id);
  },
  /** The stream of every stock item. */
  stockItems: async () => {
    const { rows } = await database.query<{ id: StreamName }>(`SELECT id FROM ${STOCK_LEVEL} ORDER BY id`, []);
    return rows.map(({ id }) => id);
  },
});
