import type { Either } from 'fp-ts/lib/Either.js';
import type { TaskId } from '../../domain/kernel/ids.js';
import { taskStream } from '../../domain/kernel/streams.js';
import { type Task, task, type TaskEvent, type TaskRejection } from '../../domain/task/index.js';
import type { CommandContext, Committed, Executor, ExecutorRejection } from '../executor/contract.js';

export type TaskOutcome = Either<TaskRejection | ExecutorRejection, Committed<Task, TaskEvent>>;

/** Somebody has seen to it; a task that is done stays as it was done first. */
export const completeTask = (
  executor: Executor,
  id: TaskId,
  note: string | undefined,
  context: CommandContext,
): Promise<TaskOutcome> =>
  executor.execute(
    task,
    taskStream(id),
    { type: 'CompleteTask', by: context.actor.id, at: context.at, ...(note === undefined ? {} : { note }) },
    context,
  );
