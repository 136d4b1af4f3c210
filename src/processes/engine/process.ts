import type { DomainEvent, RecordedEvent } from '../../domain/events.js';
import type { Folds } from '../../subscriptions/contract.js';
import type { DueTimer } from '../timers/timer.js';
import type { Outcome } from './outcome.js';
import type { Related } from './related.js';
import type { Step } from './step.js';

/**
 * A process manager: what follows from events, across streams. It keeps nothing of its own; `load` gathers what is known
 * (folds of the event's own stream and of related ones), the rest is pure.
 *
 * - `react` says what to do first. The steps that come together are issued side by side.
 * - `settle` gets every outcome so far and says what to do next; nothing more to do ends the reaction.
 *
 * A reaction may be cut off anywhere and comes again from its beginning: the ids of its commands are derived from the
 * event, the step's name and the stream, so what was done is recognised. A refusal is not remembered, though: what was
 * refused may be accepted the second time. Hence the one rule: a step back (a release) comes after the decision that it
 * belongs to is stored, never before.
 */
export interface ProcessManager<State> {
  readonly name: string;
  readonly wants: (type: DomainEvent['type']) => boolean;
  /** Events of one key are handled in order. */
  readonly key: (event: RecordedEvent) => string;
  readonly load: (event: RecordedEvent, folds: Folds, related: Related) => Promise<State>;
  readonly react: (event: RecordedEvent, state: State) => readonly Step[];
  readonly settle: (event: RecordedEvent, state: State, outcomes: readonly Outcome[]) => readonly Step[];
}

/** What follows when a timer's time has come. Otherwise as {@link ProcessManager}. */
export interface TimerReaction<State> {
  /** The process whose timers these are. */
  readonly name: string;
  readonly load: (timer: DueTimer, related: Related) => Promise<State>;
  /** `now` is RFC 3339: when the timer fired, which may be later than it was due. */
  readonly react: (timer: DueTimer, state: State, now: string) => readonly Step[];
  readonly settle: (timer: DueTimer, state: State, now: string, outcomes: readonly Outcome[]) => readonly Step[];
}

/** What `settle` is where nothing follows from the outcomes. */
export const nothingMore = (): readonly Step[] => [];
