import type { RejectionShape } from '../../domain/kernel/aggregate.js';
import type { ProviderObservation } from '../../domain/payment/commands.js';
import type { CancelStep, CommandStep, ScheduleStep, SessionOfPaymentStep, SessionStep } from './step.js';

/** The command was carried out, now or, by the same id, before; or it was already true. */
export interface Accepted {
  readonly step: CommandStep;
  /** When the engine issued it: RFC 3339, UTC. */
  readonly at: string;
  readonly result: 'accepted';
  /** Of a pickup counter: the number that the ticket has there by now, if it has one. */
  readonly pickupNo?: number;
}

/** The aggregate said no. */
export interface Refused {
  readonly step: CommandStep;
  readonly at: string;
  readonly result: 'refused';
  readonly rejection: RejectionShape;
}

export interface SessionOfPayment {
  readonly step: SessionOfPaymentStep;
  readonly at: string;
  readonly result: 'session';
  /** Undefined: none was attached. */
  readonly sessionId: string | undefined;
}

export interface SessionSeen {
  readonly step: SessionStep;
  readonly at: string;
  readonly result: 'seen';
  /** Undefined: the provider knows no such session. */
  readonly observation: ProviderObservation | undefined;
}

/** The provider gave no answer of use; what a process makes of that depends on how long it has waited. */
export interface ProviderSilent {
  readonly step: SessionStep;
  readonly at: string;
  readonly result: 'silent';
  readonly error: unknown;
}

export interface TimerSet {
  readonly step: ScheduleStep | CancelStep;
  readonly at: string;
  readonly result: 'done';
}

/** What became of a step. */
export type Outcome = Accepted | Refused | SessionOfPayment | SessionSeen | ProviderSilent | TimerSet;

/** The outcome of the command of that name; undefined before it was issued. */
export const commandOutcome = (outcomes: readonly Outcome[], name: string): Accepted | Refused | undefined =>
  outcomes.find(
    (outcome): outcome is Accepted | Refused =>
      (outcome.result === 'accepted' || outcome.result === 'refused') && outcome.step.name === name,
  );

/** What the provider said to the question of that name; undefined before it was asked. */
export const sessionOutcome = (
  outcomes: readonly Outcome[],
  name: SessionStep['name'],
): SessionSeen | ProviderSilent | undefined =>
  outcomes.find(
    (outcome): outcome is SessionSeen | ProviderSilent =>
      (outcome.result === 'seen' || outcome.result === 'silent') && outcome.step.name === name,
  );
