import * as E from 'fp-ts/lib/Either.js';
import type { PaymentId, TaskId } from '../../domain/kernel/ids.js';
import { paymentStream, taskStream } from '../../domain/kernel/streams.js';
import { payment, waitingMoney } from '../../domain/payment/index.js';
import { type Task, task, type TaskEvent, type TaskRejection } from '../../domain/task/index.js';
import type { CommandContext, Committed, Executor, ExecutorRejection } from '../executor/contract.js';
import { mismatchTaskIdOf } from '../identity.js';
import type { MoneyUndecided } from '../payment/decideMismatch.js';

export type TaskOutcome = E.Either<TaskRejection | MoneyUndecided | ExecutorRejection, Committed<Task, TaskEvent>>;

/**
 * Somebody has seen to it; a task that is done stays as it was done first. Money that waits for a decision is not done with by that: it
 * would be nobody's.
 * @throws StoreUnavailable
 */
export async function completeTask(
  executor: Executor,
  id: TaskId,
  note: string | undefined,
  context: CommandContext,
): Promise<TaskOutcome> {
  const undecided = await undecidedBy(executor, id);
  if (undecided) return E.left({ _tag: 'MoneyUndecided', paymentId: undecided, current: 'open' });
  return executor.execute(
    task,
    taskStream(id),
    { type: 'CompleteTask', by: context.actor.id, at: context.at, ...(note === undefined ? {} : { note }) },
    context,
  );
}

/** The payment whose other amount than was asked for an open task is about, while nobody has decided on it. */
async function undecidedBy(executor: Executor, id: TaskId): Promise<PaymentId | undefined> {
  const { state } = await executor.load(task, taskStream(id), { fresh: true });
  if (state.status !== 'open' || state.task.kind !== 'mismatch') return undefined;
  const { paymentId } = state.task.about;
  if (paymentId === undefined) return undefined;
  const its = await executor.load(payment, paymentStream(paymentId), { fresh: true });
  const waiting = its.state.status === 'none' ? [] : waitingMoney(its.state);
  return waiting.some(({ intentId, actual }) => mismatchTaskIdOf(paymentId, intentId, actual) === id)
    ? paymentId
    : undefined;
}
