import type { ReadModelSchema } from '../ports/readModelSchema.js';

/** Checkpoint, lease and table of the kitchen board; see ORDER_VIEW for why they carry a version. */
export const KITCHEN_BOARD = 'kitchen_board_v3';

export const kitchenBoardSchema: ReadModelSchema = {
  name: 'kitchen_board',
  version: 3,
  statements: [
    `CREATE TABLE ${KITCHEN_BOARD} (
       id        text PRIMARY KEY,
       revision  bigint NOT NULL,
       state     json NOT NULL,
       view      json NOT NULL,
       status    text NOT NULL,
       on_board  boolean NOT NULL,
       rush      boolean NOT NULL,
       stations  jsonb NOT NULL,
       opened_at timestamptz NOT NULL
     )`,
    // what is done with is history
    `CREATE INDEX ${KITCHEN_BOARD}_open ON ${KITCHEN_BOARD} ((NOT rush), opened_at, id) WHERE on_board`,
    `CREATE INDEX ${KITCHEN_BOARD}_by_status ON ${KITCHEN_BOARD} (status, (NOT rush), opened_at, id)`,
  ],
};
