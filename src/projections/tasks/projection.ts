import { representTask, task, type TaskView } from '../../domain/task/index.js';
import { typesOf } from '../documents/document.js';
import type { ReadModel } from '../documents/documentTable.js';
import { storedDocuments } from '../documents/storedDocuments.js';
import { TASK_LIST } from './schema.js';

export interface TaskProjectionOptions {
  /** How many states are kept in memory; default as {@link storedDocuments} has it. */
  readonly maxStates?: number;
}

/** The staff's tasks, open and done. */
export function taskProjection({ maxStates }: TaskProjectionOptions = {}): ReadModel {
  const documents = storedDocuments({
    folding: task,
    stateVersion: 1,
    table: TASK_LIST,
    idOf: (stream) => stream.slice(`${task.category}-`.length),
    represent: (state, revision): TaskView | undefined => representTask(state, revision),
    columns: [
      { name: 'status', type: 'text' },
      { name: 'kind', type: 'text' },
      { name: 'order_id', type: 'text' },
      { name: 'opened_at', type: 'timestamptz' },
    ],
    ...(maxStates === undefined ? {} : { maxStates }),
    columnsOf: ({ state, kind, about, openedAt }) => ({
      status: state,
      kind,
      order_id: about.orderId ?? null,
      opened_at: openedAt,
    }),
  });
  return {
    name: TASK_LIST,
    tables: [documents.table],
    wants: typesOf(task),
    project: (events, transaction) => documents.project(events, transaction),
    committed: () => documents.committed(),
  };
}
