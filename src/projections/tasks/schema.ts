import type { ReadModelSchema } from '../ports/readModelSchema.js';

/** Checkpoint, lease and table of the staff's tasks; see ORDER_VIEW for why they carry a version. */
export const TASK_LIST = 'task_list_v1';

export const taskListSchema: ReadModelSchema = {
  name: 'task_list',
  version: 1,
  statements: [
    `CREATE TABLE ${TASK_LIST} (
       id        text PRIMARY KEY,
       revision  bigint NOT NULL,
       state     json NOT NULL,
       view      json NOT NULL,
       status    text NOT NULL,
       kind      text NOT NULL,
       order_id  text,
       opened_at timestamptz NOT NULL
     )`,
    `CREATE INDEX ${TASK_LIST}_by_status ON ${TASK_LIST} (status, opened_at DESC, id DESC)`,
    `CREATE INDEX ${TASK_LIST}_by_order ON ${TASK_LIST} (order_id) WHERE order_id IS NOT NULL`,
  ],
};
