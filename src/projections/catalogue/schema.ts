import type { ReadModelSchema } from '../ports/readModelSchema.js';

/** Checkpoint and lease of the catalogue; see ORDER_VIEW for why they carry a version. */
export const CATALOGUE = 'catalogue_v2';
export const OFFER_TABLE = 'catalogue_offer_v2';
export const LOCATION_TABLE = 'catalogue_location_v2';

export const catalogueSchema: ReadModelSchema = {
  name: 'catalogue',
  version: 2,
  statements: [
    // skus are compared byte by byte, whatever the database's language: pages and streams must agree on the order
    `CREATE TABLE ${OFFER_TABLE} (
       id       text PRIMARY KEY,
       revision bigint NOT NULL,
       state    json NOT NULL,
       view     json NOT NULL,
       sku      text COLLATE "C" NOT NULL UNIQUE
     )`,
    `CREATE TABLE ${LOCATION_TABLE} (
       id          text PRIMARY KEY,
       revision    bigint NOT NULL,
       state       json NOT NULL,
       view        json NOT NULL,
       location_id text COLLATE "C" NOT NULL UNIQUE
     )`,
  ],
};
