import type { CustomerRecord } from '../../domain/order/index.js';
import type { Queryable } from '../../subscriptions/ports/database.js';
import { isSystemFault } from '../../subscriptions/systemFault.js';

/** More orders than that make nobody better known. */
const MOST = 1_000;

interface Row {
  readonly orders: number;
  readonly failed: number;
  readonly reviewed: number;
  readonly since: Date | null;
}

/** What is known of those who order. It is asked on the way of an order, which a database that is away must not stop. */
export const customerQueries = (database: Queryable) => ({
  known: async (accountId: string): Promise<CustomerRecord | undefined> => {
    try {
      const { rows } = await database.query<Row>(
        `SELECT count(*) AS orders,
                count(*) FILTER (WHERE verdict = 'failed') AS failed,
                count(*) FILTER (WHERE verdict = 'review') AS reviewed,
                (SELECT min(placed_at) FROM customer_checks WHERE account_id = $1) AS since
           FROM (SELECT verdict FROM customer_checks WHERE account_id = $1
                  ORDER BY placed_at DESC LIMIT ${MOST}) AS newest`,
        [accountId],
      );
      return rows[0] && recordOf(rows[0]);
    } catch (error) {
      if (!isSystemFault(error)) throw error;
      return undefined;
    }
  },
});

function recordOf({ orders, failed, reviewed, since }: Row): CustomerRecord {
  const flags: CustomerRecord['flags'][number][] = [
    ...(orders === 0 ? (['new'] as const) : []),
    ...(failed > 0 ? (['failed_before'] as const) : []),
    ...(reviewed > 0 ? (['reviewed_before'] as const) : []),
  ];
  return { orders, flags, ...(since === null ? {} : { since: since.toISOString() }) };
}
