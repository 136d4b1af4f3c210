import type { ReadModelSchema } from '../ports/readModelSchema.js';

/** Checkpoint, lease and table of the stock level; see ORDER_VIEW for why they carry a version. */
export const STOCK_LEVEL = 'stock_level_v1';

export const stockLevelSchema: ReadModelSchema = {
  name: 'stock_level',
  version: 1,
  statements: [
    // the stream's name is the key: it is what every event of the item tells
    `CREATE TABLE ${STOCK_LEVEL} (
       id          text PRIMARY KEY,
       revision    bigint NOT NULL,
       view        json NOT NULL,
       sku         text NOT NULL,
       location_id text NOT NULL,
       available   bigint NOT NULL
     )`,
    `CREATE UNIQUE INDEX ${STOCK_LEVEL}_by_item ON ${STOCK_LEVEL} (sku, location_id)`,
  ],
};
