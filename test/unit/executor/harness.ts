import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import type { Committed, CommandContext, ExecutorRejection } from '../../../src/commands/executor/contract.js';
import { createExecutor, type ExecutorOptions } from '../../../src/commands/executor/createExecutor.js';
import { scriptedStore } from './scriptedStore.js';
import { context, TALLY, type Tally, tally, type TallyCommand, type TallyEvent, type TallyRejection } from './tally.js';

type Answer = E.Either<TallyRejection | ExecutorRejection, Committed<Tally, TallyEvent>>;

const IMPATIENT = { baseMs: 0, maxMs: 0 };

/** An executor over a scripted store that waits for nothing between its tries. */
export function harness(options: Partial<ExecutorOptions> = {}) {
  const store = scriptedStore();
  const executor = createExecutor({
    eventStore: store,
    random: () => 0,
    conflictRetries: { retries: 5, ...IMPATIENT },
    storeRetries: { retries: 2, ...IMPATIENT },
    ...options,
  });
  const execute = (
    command: TallyCommand,
    commandId: string,
    more: Partial<CommandContext> = {},
    stream = TALLY,
  ): Promise<Answer> => executor.execute(tally, stream as typeof TALLY, command, context(commandId, more));
  return { store, executor, execute };
}

/** The id of a fresh command, as UUIDv7 has its version in that place. */
export const fresh = (name: string): string => `00000000-0000-7000-8000-${name}`;

/** The success of an answer. */
export function right(answer: Answer): Committed<Tally, TallyEvent> {
  if (E.isLeft(answer)) expect.fail(`refused: ${JSON.stringify(answer.left)}`);
  return answer.right;
}

/** The refusal of an answer. */
export function left(answer: Answer): TallyRejection | ExecutorRejection {
  if (E.isRight(answer)) expect.fail(`not refused: revision ${answer.right.revision}`);
  return answer.left;
}

/** The error that a promise rejects with. */
export async function failure(promise: Promise<unknown>): Promise<Error> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(outcome instanceof Error)) expect.fail('it did not fail');
  return outcome;
}
