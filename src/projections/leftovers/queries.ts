import type { LocationId, OrderId, PaymentId } from '../../domain/kernel/ids.js';
import type { StreamName } from '../../domain/kernel/streams.js';
import type { Queryable } from '../../subscriptions/ports/database.js';
import { LOCATION_TABLE } from '../catalogue/schema.js';
import { KITCHEN_BOARD } from '../kitchen/schema.js';
import { ORDER_VIEW } from '../order/schema.js';
import { PAYMENT_VIEW } from '../payments/schema.js';
import { SHIPMENT_VIEW } from '../shipments/schema.js';
import { STOCK_LEVEL } from '../stock/schema.js';

const MOST = 500;

interface UnfinishedWish {
  readonly before: string;
  readonly late: string;
  readonly all: boolean;
}

/** Orders that wait for something. Of those that were handed over there may be very many. */
const WAITING = ['placed', 'awaiting_payment', 'on_hold', 'confirmed', 'in_fulfilment'];

/** Whether a timer of a process is set for the order in the row and will go off, or has only just failed to. */
const willFire = (process: string): string =>
  `EXISTS (SELECT FROM timers WHERE correlation = its.id AND process = '${process}'
             AND fired_at IS NULL AND NOT cancelled AND due_at >= $2)`;

/** Whether the kitchen, or a parcel, of the order in the row is further than the order says. */
const IS_AHEAD = `(
  fulfilment <> 'in_transit' AND EXISTS (SELECT FROM ${KITCHEN_BOARD} AS made
    WHERE made.id = its.state->'tickets'->0->>'ticketId' AND made.status = 'handed_over')
  OR EXISTS (SELECT FROM json_array_elements(its.state->'shipments') AS known
    LEFT JOIN ${SHIPMENT_VIEW} AS parcel ON parcel.id = known->>'shipmentId'
    WHERE CASE known->>'state'
        WHEN 'allotted' THEN parcel.status IS NULL OR parcel.status NOT IN ('pending', 'packed')
        WHEN 'dispatched' THEN parcel.status IN ('delivered', 'returned', 'lost')
      END)
)`;

/** What read models show of work that nobody has done. Every method throws DatabaseUnavailable. */
export const leftoverQueries = (database: Queryable) => ({
  /**
   * Orders that may lack a next step. Where there are too many, others every time: none is left out for ever.
   * @param before only what was placed before then (RFC 3339)
   * @param late a timer that was due before then ends nothing any more
   * @param all also those of which there may be very many
   */
  unfinishedOrders: async ({ before, late, all }: UnfinishedWish) => {
    const { rows } = await database.query<{ id: OrderId }>(
      // by status first, for which there is an index: most orders are over
      `SELECT id FROM ${ORDER_VIEW} AS its
        WHERE status = ANY($3) AND placed_at < $1 AND CASE status
            WHEN 'awaiting_payment' THEN NOT ${willFire('payment-deadline')}
            WHEN 'in_fulfilment' THEN view->'cancellation'->>'state' = 'pending'
              OR $4 AND (fulfilment = 'queued' AND NOT ${willFire('ticket-firing')} OR ${IS_AHEAD})
            WHEN 'fulfilled' THEN view->'cancellation'->>'state' = 'pending' OR NOT ${willFire('completion')}
            ELSE true
          END
        ORDER BY random() LIMIT ${MOST}`,
      [before, late, all ? [...WAITING, 'fulfilled'] : WAITING, all],
    );
    return rows.map(({ id }) => id);
  },
  /**
   * Orders that are over for good and for which somebody still works. As above, none is left out for ever.
   * @param before only what was placed before then (RFC 3339)
   * @param all also those with a parcel that has not left
   */
  deadOrdersAtWork: async ({ before, all }: { readonly before: string; readonly all: boolean }) => {
    const { rows } = await database.query<{ id: OrderId }>(
      // from what is under way, which is little
      `SELECT its.id FROM (
         SELECT view->>'orderId' AS order_id FROM ${KITCHEN_BOARD}
          WHERE status IN ('scheduled', 'queued', 'preparing', 'ready')
         UNION
         SELECT order_id FROM ${SHIPMENT_VIEW} WHERE $2::boolean AND status IN ('pending', 'packed')
       ) AS work
         JOIN ${ORDER_VIEW} AS its ON its.id = work.order_id
        WHERE its.status IN ('cancelled', 'rejected', 'expired') AND its.placed_at < $1
        ORDER BY random() LIMIT ${MOST}`,
      [before, all],
    );
    return rows.map(({ id }) => id);
  },
  /**
   * Orders that ask for a payment and know of no page to pay it at. As above, none is left out for ever.
   * @param before only what was placed before then (RFC 3339)
   * @param now only what can still be paid then
   */
  ordersWithoutPage: async ({ before, now }: { readonly before: string; readonly now: string }) => {
    const { rows } = await database.query<{ id: OrderId }>(
      `SELECT id FROM ${ORDER_VIEW} WHERE page_due_at > $2 AND placed_at < $1 ORDER BY random() LIMIT ${MOST}`,
      [before, now],
    );
    return rows.map(({ id }) => id);
  },
  /** The timers that were set for an order, as far as they are kept. */
  timersOf: async (orderId: OrderId) => {
    const { rows } = await database.query<{ id: string; process: string; due_at: Date; is_open: boolean }>(
      `SELECT id, process, due_at, fired_at IS NULL AND NOT cancelled AS is_open FROM timers WHERE correlation = $1`,
      [orderId],
    );
    return rows.map((row) => ({
      id: row.id,
      process: row.process,
      dueAt: row.due_at.toISOString(),
      isOpen: row.is_open,
    }));
  },
  /**
   * Payments that may have taken or given back money between two moments (RFC 3339): of orders that were placed then, or with
   * refunds that were asked for then, and every one of which the view does not say when: asked for later, given back after
   * somebody had to agree, or at the provider.
   */
  paymentsBetween: async (from: string, until: string) => {
    const { rows } = await database.query<{ id: PaymentId }>(
      `SELECT its.id FROM ${PAYMENT_VIEW} AS its LEFT JOIN ${ORDER_VIEW} AS placed ON placed.id = its.order_id
        WHERE placed.placed_at >= $1 AND placed.placed_at < $2
           OR its.ordinal > 1 AND (its.view->>'dueAt')::timestamptz >= $1
           OR its.refund_astray
           OR EXISTS (SELECT FROM json_array_elements(its.view->'refunds') AS refund
                       WHERE ((refund->>'requestedAt')::timestamptz >= $1 OR refund->>'approval' = 'required')
                         AND (refund->>'requestedAt')::timestamptz < $2)
        ORDER BY its.id`,
      [from, until],
    );
    return rows.map(({ id }) => id);
  },
  /** Payments with a refund on its way. Where there are too many, others every time: none is left out for ever. */
  refundsUnderWay: async () => {
    const { rows } = await database.query<{ id: PaymentId }>(
      `SELECT id FROM ${PAYMENT_VIEW} WHERE refund_under_way ORDER BY random() LIMIT ${MOST}`,
      [],
    );
    return rows.map(({ id }) => id);
  },
  /**
   * Orders of which money is to go back and has not; and those that do not know of a refund that failed, maybe after it looked
   * good, or that was made at the provider: by what the order says nothing is owed then. As above, none is left out for ever.
   */
  refundsOwed: async () => {
    const { rows } = await database.query<{ id: OrderId }>(
      `SELECT id FROM (
         SELECT id FROM ${ORDER_VIEW} WHERE refund_pending
         UNION
         SELECT known.id FROM ${PAYMENT_VIEW} AS paid
           JOIN ${ORDER_VIEW} AS known ON known.id = paid.order_id
           CROSS JOIN LATERAL (
             SELECT refund->>'id' AS refund_id, 'failed' AS outcome, 'unknown' AS unheard
               FROM json_array_elements(paid.view->'refunds') AS refund WHERE refund->>'state' = 'failed'
             UNION ALL
             SELECT refund->>'providerRefundId', CASE WHEN refund->'code' IS NULL THEN 'succeeded' ELSE 'failed' END,
                    -- one that failed before the order heard of it never counted there
                    CASE WHEN refund->'code' IS NULL THEN 'unknown' ELSE 'failed' END
               FROM json_array_elements(paid.view->'foreignRefunds') AS refund
           ) AS ended
          WHERE paid.refund_astray AND ended.outcome <> coalesce(
            (SELECT settled->>'outcome' FROM json_array_elements(known.state->'settledRefunds') AS settled
              WHERE settled->>'refundId' = ended.refund_id),
            ended.unheard)
       ) AS owing
       ORDER BY random() LIMIT ${MOST}`,
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
