import type { LocationId, OrderId, Sku } from '../../domain/kernel/ids.js';
import type { Queryable } from '../../subscriptions/ports/database.js';
import { shownUpTo } from '../freshness.js';
import { ORDER_VIEW } from './schema.js';

/** Before the payment; whoever pays afterwards has been promised the goods. */
const UNPAID = ['placed', 'awaiting_payment'];

/** Reads of the order view who has not paid yet. Every method throws DatabaseUnavailable. */
export const unpaidOrderQueries = (database: Queryable) => ({
  shownUpTo: () => shownUpTo(database, ORDER_VIEW),
  withArticle: async (sku: Sku, locationId?: LocationId) => {
    const { rows } = await database.query<{ id: OrderId; location_id: LocationId; promised_at: string | null }>(
      // by status first, for which there is an index: few orders wait for their money at a time
      `SELECT id, location_id, view->>'promisedAt' AS promised_at FROM ${ORDER_VIEW}
        WHERE status = ANY ($1) AND ($2::text IS NULL OR location_id = $2)
          AND EXISTS (SELECT FROM json_array_elements(view->'lines') AS line
                       WHERE line->>'sku' = $3 AND (line->>'quantity')::int > (line->>'cancelled')::int)
        ORDER BY id`,
      [UNPAID, locationId ?? null, sku],
    );
    return rows.map(({ id, location_id, promised_at }) => ({
      orderId: id,
      locationId: location_id,
      ...(promised_at === null ? {} : { promisedAt: promised_at }),
    }));
  },
});
