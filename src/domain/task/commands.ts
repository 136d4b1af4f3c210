import type { TaskEvent } from './events.js';

type Data<Type extends TaskEvent['type']> = Extract<TaskEvent, { type: Type }>['data'];

/** Everything that may be asked of a task. */
export type TaskCommand =
  | { readonly type: 'OpenTask'; readonly task: Data<'TaskOpened'> }
  | ({ readonly type: 'CompleteTask' } & Data<'TaskDone'>);

/** What clients see of a task. */
export interface TaskView extends Omit<Data<'TaskOpened'>, 'taskId'> {
  readonly id: Data<'TaskOpened'>['taskId'];
  readonly state: 'open' | 'done';
  readonly revision: number;
  readonly done?: Data<'TaskDone'>;
}
