import * as E from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import type { Executor, ExecutorRejection } from '../../commands/executor/contract.js';
import { derivedCommandId } from '../../commands/identity.js';
import type { Clock } from '../../commands/ports/clock.js';
import type { RejectionShape } from '../../domain/kernel/aggregate.js';
import { order } from '../../domain/order/index.js';
import { payment } from '../../domain/payment/index.js';
import { type Pickup, pickupCounter, pickupOf } from '../../domain/pickup/index.js';
import { shipment } from '../../domain/shipment/index.js';
import { stock } from '../../domain/stock/index.js';
import { task } from '../../domain/task/index.js';
import { ticket } from '../../domain/ticket/index.js';
import { sessionIdOf } from '../paymentState.js';
import type { PaymentSessions } from '../ports/paymentSessions.js';
import type { Timers } from '../ports/timers.js';
import type { Origin } from '../timers/timer.js';
import { TryAgainLater } from './faults.js';
import type { Accepted, Outcome, Refused } from './outcome.js';
import { type CommandStep, type SessionStep, type Step, stepKey } from './step.js';

/** What a reaction rests on: an event, or a timer with the envelope of the event that set it. */
export interface Cause {
  /** The event's id or the timer's: every command id is derived from it. */
  readonly id: string;
  readonly origin: Origin;
}

/** One reaction of one process: what to do first, and what next, given every outcome so far. */
export interface Reaction {
  readonly process: string;
  readonly cause: Cause;
  readonly first: readonly Step[];
  readonly next: (outcomes: readonly Outcome[]) => readonly Step[];
}

export interface EngineParts {
  readonly executor: Executor;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly sessions: PaymentSessions;
  /** Told of every refusal, for the log; processes reckon with refusals, so none is an error by itself. */
  readonly refused?: (process: string, refusal: Refused) => void;
}

/** Carries out reactions of processes: issues their steps, feeds the outcomes back, until nothing is left to do. */
export interface Engine {
  /**
   * Resolves when the reaction is done. Throws system faults, and {@link TryAgainLater} when the process wants to wait;
   * then the same reaction is to be run again from its beginning.
   */
  run(reaction: Reaction): Promise<void>;
}

const numbered = (pickup: Pickup | undefined): Pick<Accepted, 'pickupNo'> =>
  pickup?.pickupNo === undefined ? {} : { pickupNo: pickup.pickupNo };

export function createEngine(parts: EngineParts): Engine {
  const { executor, clock, timers, sessions } = parts;

  async function command(process: string, { id, origin }: Cause, step: CommandStep): Promise<Accepted | Refused> {
    const at = clock.now();
    const context = {
      ...origin,
      commandId: derivedCommandId(process, id, step.name, step.stream),
      actor: { kind: 'system', id: `system/${process}` },
      at,
    } as const;
    const answer = await issue(step, context);
    if (E.isRight(answer)) return { step, at, result: 'accepted', ...answer.right };
    if (answer.left._tag === 'ConcurrencyConflict')
      throw new TryAgainLater(`${step.stream}: others kept writing while ${process} wanted ${step.name}`);
    const refusal: Refused = { step, at, result: 'refused', rejection: answer.left };
    parts.refused?.(process, refusal);
    return refusal;
  }

  type Context = Parameters<Executor['execute']>[3];
  type Answer = E.Either<RejectionShape | ExecutorRejection, Pick<Accepted, 'pickupNo'>>;
  const issue = async (step: CommandStep, context: Context): Promise<Answer> =>
    step.kind === 'pickup'
      ? pipe(
          await executor.execute(pickupCounter, step.stream, step.command, context),
          E.map(({ state }) => numbered(pickupOf(state, step.command.ticketId))),
        )
      : pipe(
          await issueOther(step, context),
          E.map(() => ({})),
        );

  type Other = Exclude<CommandStep, { kind: 'pickup' }>;
  function issueOther(step: Other, context: Context): Promise<E.Either<RejectionShape | ExecutorRejection, unknown>> {
    switch (step.kind) {
      case 'order':
        return executor.execute(order, step.stream, step.command, context);
      case 'payment':
        return executor.execute(payment, step.stream, step.command, context);
      case 'stock':
        return executor.execute(stock, step.stream, step.command, context);
      case 'task':
        return executor.execute(task, step.stream, step.command, context);
      case 'ticket':
        return executor.execute(ticket, step.stream, step.command, context);
      case 'shipment':
        return executor.execute(shipment, step.stream, step.command, context);
    }
  }

  async function ask(step: SessionStep): Promise<Outcome> {
    const at = clock.now();
    try {
      const observation = await sessions[step.name](step.sessionId);
      return { step, at, result: 'seen', observation };
    } catch (error) {
      return { step, at, result: 'silent', error };
    }
  }

  async function perform(process: string, cause: Cause, step: Step): Promise<Outcome> {
    switch (step.kind) {
      case 'order':
      case 'payment':
      case 'pickup':
      case 'stock':
      case 'task':
      case 'ticket':
      case 'shipment':
        return command(process, cause, step);
      case 'session-of-payment': {
        const { state } = await executor.load(payment, step.stream);
        return { step, at: clock.now(), result: 'session', sessionId: sessionIdOf(state) };
      }
      case 'session':
        return ask(step);
      case 'schedule':
        await timers.schedule({ ...step.timer, origin: cause.origin });
        return { step, at: clock.now(), result: 'done' };
      case 'cancel':
        await timers.cancel(step.timerId);
        return { step, at: clock.now(), result: 'done' };
      case 'later':
        throw new TryAgainLater(`${process}: ${step.reason}`, { cause: step.error });
    }
  }

  /** Waits for all, also when one fails: nothing of a reaction still runs when it is tried again. */
  async function sideBySide(process: string, cause: Cause, steps: readonly Step[]): Promise<Outcome[]> {
    const settled = await Promise.allSettled(steps.map((step) => perform(process, cause, step)));
    return settled.map((result) => {
      if (result.status === 'rejected') throw result.reason;
      return result.value;
    });
  }

  return {
    run: async ({ process, cause, first, next }) => {
      const issued = new Set<string>();
      const outcomes: Outcome[] = [];
      for (let steps = first; steps.length > 0; steps = next(outcomes)) {
        for (const step of steps) {
          const key = stepKey(step);
          if (issued.has(key)) throw new Error(`${process} wants the same step twice in one reaction: ${key}`);
          issued.add(key);
        }
        outcomes.push(...(await sideBySide(process, cause, steps)));
      }
    },
  };
}
