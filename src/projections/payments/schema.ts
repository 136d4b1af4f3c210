import type { ReadModelSchema } from '../ports/readModelSchema.js';

/** Checkpoint, lease and table of the payments; see ORDER_VIEW for why they carry a version. */
export const PAYMENT_VIEW = 'payment_view_v4';

export const paymentViewSchema: ReadModelSchema = {
  name: 'payment_view',
  version: 4,
  statements: [
    `CREATE TABLE ${PAYMENT_VIEW} (
       id               text PRIMARY KEY,
       revision         bigint NOT NULL,
       view             json NOT NULL,
       order_id         text NOT NULL,
       ordinal          bigint NOT NULL,
       status           text NOT NULL,
       refund_under_way boolean NOT NULL,
       refund_astray    boolean NOT NULL
     )`,
    `CREATE INDEX ${PAYMENT_VIEW}_by_order ON ${PAYMENT_VIEW} (order_id, ordinal)`,
    `CREATE INDEX ${PAYMENT_VIEW}_refunding ON ${PAYMENT_VIEW} (id) WHERE refund_under_way`,
    `CREATE INDEX ${PAYMENT_VIEW}_astray ON ${PAYMENT_VIEW} (order_id) WHERE refund_astray`,
  ],
};
