import type { OrderId, PaymentId } from '../../domain/kernel/ids.js';
import type { PaymentView } from '../../domain/payment/index.js';
import type { Queryable } from '../../subscriptions/ports/database.js';
import { PAYMENT_VIEW } from './schema.js';

export interface PaymentQueries {
  /** The payment as its view stands, with its refunds; undefined when the view has none. */
  paymentById(id: PaymentId): Promise<PaymentView | undefined>;
  /** The payments of one order, the first one first. */
  paymentsOfOrder(id: OrderId): Promise<readonly PaymentView[]>;
}

/** Reads the payments. Every method throws DatabaseUnavailable. */
export const paymentQueries = (database: Queryable): PaymentQueries => ({
  paymentById: async (id) => {
    const { rows } = await database.query<{ view: PaymentView }>(`SELECT view FROM ${PAYMENT_VIEW} WHERE id = $1`, [
      id,
    ]);
    return rows[0]?.view;
  },
  paymentsOfOrder: async (id) => {
    const { rows } = await database.query<{ view: PaymentView }>(
      `SELECT view FROM ${PAYMENT_VIEW} WHERE order_id = $1 ORDER BY ordinal, id`,
      [id],
    );
    return rows.map(({ view }) => view);
  },
});
