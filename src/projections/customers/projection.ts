import type { RecordedEvent } from '../../domain/events.js';
import { order } from '../../domain/order/index.js';
import type { Folds, ProjectionDefinition } from '../../subscriptions/contract.js';
import { UnprocessableEvent } from '../../subscriptions/faults.js';

const CUSTOMER_CHECKS = 'customer_checks';

interface Row {
  readonly orderId: string;
  readonly accountId: string;
  readonly placedAt: string;
  readonly verdict: string;
}

/**
 * Whose orders were checked. Only those: where no location has its orders checked, nothing is read and nothing written. What
 * was checked twice, since the engine spoke after nobody waited for it any more, counts as it was checked last.
 */
export function customerProjection({ folds }: { readonly folds: Folds }): ProjectionDefinition {
  let accounts = new Map<string, Omit<Row, 'verdict'>>();

  const placedIn = async ({ stream, revision }: RecordedEvent): Promise<Omit<Row, 'verdict'>> => {
    const state = await folds.at(order, stream, revision);
    if (state.status === 'none') throw new UnprocessableEvent(`${stream}@${revision} folds to nothing`);
    const { orderId, accountId, placedAt } = state.details;
    return { orderId, accountId, placedAt };
  };

  return {
    name: CUSTOMER_CHECKS,
    wants: (type) => type === 'OrderChecked',
    prepare: async (events) => {
      const read = events.map(async (event) => [event.stream, await placedIn(event)] as const);
      accounts = new Map(await Promise.all(read));
    },
    project: async (events, transaction) => {
      const rows = new Map<string, Row>();
      for (const { event, stream } of events) {
        const placed = accounts.get(stream);
        if (event.type !== 'OrderChecked' || placed === undefined) continue;
        rows.set(stream, { ...placed, verdict: event.data.verdict });
      }
      if (rows.size === 0) return;
      const columns = [...rows.values()];
      await transaction.query(
        `INSERT INTO customer_checks (order_id, account_id, placed_at, verdict)
         SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[])
         ON CONFLICT (order_id) DO UPDATE SET verdict = excluded.verdict`,
        [
          columns.map(({ orderId }) => orderId),
          columns.map(({ accountId }) => accountId),
          columns.map(({ placedAt }) => placedAt),
          columns.map(({ verdict }) => verdict),
        ],
      );
    },
  };
}
