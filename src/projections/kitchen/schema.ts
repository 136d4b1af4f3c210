import type { ReadModelSchema } from '../ports/readModelSchema.js';

/** Checkpoint, lease and table of the kitchen board; see ORDER_VIEW for why they carry a version. */
export const KITCHEN_BOARD = 'kitchen_board_v1';

export const kitchenBoardSchema: ReadModelSchema = {
  name: 'kitchen_board',
  version: 1,
  statements: [
    `CREATE TABLE ${KITCHEN_BOARD} (
       id        text PRIMARY KEY,
       revision  bigint NOT NULL,
       state     json NOT NULL,
       view      json NOT NULL,
       status    text NOT NULL,
       opened_at timestamptz NOT NULL
     )`,
    // the board shows what is still to be handed over; what is done is history
    `CREATE INDEX ${KITCHEN_BOARD}_open ON ${KITCHEN_BOARD} (opened_at, id) WHERE status <> 'handed_over'`,
    `CREATE INDEX ${KITCHEN_BOARD}_by_status ON ${KITCHEN_BOARD} (status, opened_at, id)`,
  ],
};
