import type { ReadModelSchema } from '../ports/readModelSchema.js';

/** Checkpoint, lease and table of the shipments; see ORDER_VIEW for why they carry a version. */
export const SHIPMENT_VIEW = 'shipment_view_v2';

export const shipmentViewSchema: ReadModelSchema = {
  name: 'shipment_view',
  version: 2,
  statements: [
    `CREATE TABLE ${SHIPMENT_VIEW} (
       id         text PRIMARY KEY,
       revision   bigint NOT NULL,
       view       json NOT NULL,
       order_id   text NOT NULL,
       status     text NOT NULL,
       created_at timestamptz NOT NULL
     )`,
    `CREATE INDEX ${SHIPMENT_VIEW}_by_order ON ${SHIPMENT_VIEW} (order_id)`,
    `CREATE INDEX ${SHIPMENT_VIEW}_by_age ON ${SHIPMENT_VIEW} (created_at DESC, id DESC)`,
  ],
};
