import type { Aggregate } from '../kernel/aggregate.js';
import { assertNever } from '../kernel/assertNever.js';
import { alreadyTrue, type Decision, record, refuse } from '../kernel/decision.js';
import { notFound } from '../kernel/rejections.js';
import type { TaskCommand, TaskView } from './commands.js';
import { type TaskEvent, taskEvents } from './events.js';
import type { TaskRejection } from './rejections.js';

type Data<Type extends TaskEvent['type']> = Extract<TaskEvent, { type: Type }>['data'];

/** Something that somebody has to see to: open until it is done, and done for good. */
export type Task =
  | { readonly status: 'none' }
  | { readonly status: 'open'; readonly task: Data<'TaskOpened'> }
  | { readonly status: 'done'; readonly task: Data<'TaskOpened'>; readonly done: Data<'TaskDone'> };

/** One thing that the staff has to do: `task-{taskId}`. Whoever opens it again finds it as it is. */
export const task: Aggregate<Task, TaskCommand, TaskEvent, TaskRejection> = {
  category: 'task',
  initial: { status: 'none' },
  decide,
  evolve: (state, event) => {
    switch (event.type) {
      case 'TaskOpened':
        return state.status === 'none' ? { status: 'open', task: event.data } : state;
      case 'TaskDone':
        return state.status === 'open' ? { ...state, status: 'done', done: event.data } : state;
      default:
        return assertNever(event);
    }
  },
  codec: taskEvents,
  stateVersion: 1,
};

function decide(command: TaskCommand, state: Task): Decision<TaskRejection, TaskEvent> {
  switch (command.type) {
    case 'OpenTask':
      return state.status === 'none' ? record({ type: 'TaskOpened', data: command.task }) : alreadyTrue;
    case 'CompleteTask': {
      if (state.status === 'none') return refuse(notFound('task'));
      if (state.status === 'done') return alreadyTrue;
      const { type: _, ...done } = command;
      return record({ type: 'TaskDone', data: done });
    }
    default:
      return assertNever(command);
  }
}

/** The task as clients see it; undefined where nobody opened one. */
export function representTask(state: Task, revision: number): TaskView | undefined {
  if (state.status === 'none') return undefined;
  const {
    task: { taskId, ...opened },
    status,
  } = state;
  return {
    id: taskId,
    ...opened,
    state: status,
    revision,
    ...(status === 'done' ? { done: state.done } : {}),
  };
}

export type { TaskCommand, TaskView } from './commands.js';
export type { TaskEvent, TaskKind, TaskSubject } from './events.js';
export type { TaskRejection } from './rejections.js';
