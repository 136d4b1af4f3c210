import type { ReadModelSchema } from '../ports/readModelSchema.js';

/** Checkpoint, lease and table of the order view carry its version: a new version is another projection with another table. */
export const ORDER_VIEW = 'order_view_v11';

/** The words of a row as PostgreSQL searches them; our own, since its parser takes numbers with dashes apart as it likes. */
export const SEARCH_VECTOR = `array_to_tsvector(string_to_array(search, ' '))`;

/**
 * One row an order: what clients see, the state that the next event evolves, and the columns that lists filter by.
 * `json`, not `jsonb`: nothing is searched inside, and the text is kept as it was written.
 */
export const orderViewSchema: ReadModelSchema = {
  name: 'order_view',
  version: 11,
  statements: [
    `CREATE TABLE ${ORDER_VIEW} (
       id                text PRIMARY KEY,
       revision          bigint NOT NULL,
       state             json NOT NULL,
       view              json NOT NULL,
       status            text NOT NULL,
       number            text NOT NULL,
       merchant_order_no text,
       placed_at         timestamptz NOT NULL,
       payment           text NOT NULL,
       fulfilment        text NOT NULL,
       mode              text NOT NULL,
       channel           text NOT NULL,
       location_id       text NOT NULL,
       search            text NOT NULL,
       refund_pending    boolean NOT NULL,
       amending          boolean NOT NULL,
       page_due_at       timestamptz
     )`,
    `CREATE INDEX ${ORDER_VIEW}_newest ON ${ORDER_VIEW} (placed_at DESC, id DESC)`,
    `CREATE INDEX ${ORDER_VIEW}_by_status ON ${ORDER_VIEW} (status, placed_at DESC, id DESC)`,
    `CREATE INDEX ${ORDER_VIEW}_by_location ON ${ORDER_VIEW} (location_id, placed_at DESC, id DESC)`,
    `CREATE INDEX ${ORDER_VIEW}_by_words ON ${ORDER_VIEW} USING gin (${SEARCH_VECTOR})`,
    `CREATE INDEX ${ORDER_VIEW}_by_number ON ${ORDER_VIEW} (number)`,
    `CREATE INDEX ${ORDER_VIEW}_refund_pending ON ${ORDER_VIEW} (id) WHERE refund_pending`,
    `CREATE INDEX ${ORDER_VIEW}_amending ON ${ORDER_VIEW} (id) WHERE amending`,
    `CREATE INDEX ${ORDER_VIEW}_without_page ON ${ORDER_VIEW} (page_due_at) WHERE page_due_at IS NOT NULL`,
    `CREATE INDEX ${ORDER_VIEW}_by_merchant_order_no ON ${ORDER_VIEW} (merchant_order_no, placed_at DESC, id DESC)
       WHERE merchant_order_no IS NOT NULL`,
  ],
};
