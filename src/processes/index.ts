import type { Executor } from '../commands/executor/contract.js';
import type { Clock } from '../commands/ports/clock.js';
import type { CurrentSettings } from '../commands/ports/currentSettings.js';
import type { RecordedEvent } from '../domain/events.js';
import type { Folds, ReactorDefinition } from '../subscriptions/contract.js';
import type { Database } from '../subscriptions/ports/database.js';
import type { WorkLoop } from '../subscriptions/workLoop.js';
import { bindProcesses } from './bindProcesses.js';
import type { CompletionDelay } from './completion.js';
import { createEngine } from './engine/engine.js';
import type { Refused } from './engine/outcome.js';
import { relatedBy } from './engine/related.js';
import type { HeardAgain } from './reconciliation/finding.js';
import { reconcile, type Reconciled, type ReconciliationParts, type Span } from './reconciliation/reconcile.js';
import type { PaymentSessions } from './ports/paymentSessions.js';
import type { UnpaidOrders } from './ports/unpaidOrders.js';
import { startTimerRunner } from './timers/timerRunner.js';
import { TimerTable } from './timers/timerTable.js';

export interface ProcessParts {
  readonly executor: Executor;
  readonly folds: Folds;
  readonly database: Database;
  readonly clock: Clock;
  /** Says when timers are due, where a test moves the time; default: the database, with one clock for all machines. */
  readonly timerClock?: Clock;
  readonly settings: CurrentSettings;
  readonly sessions: PaymentSessions;
  readonly unpaidOrders: UnpaidOrders;
  /** Cook by itself (`KITCHEN_SIMULATOR=on`). */
  readonly simulateKitchen: boolean;
  /** Instead of what the settings say, where time passes quickly. */
  readonly completionDelay?: CompletionDelay;
  /** Told of every refusal that a process met. */
  readonly refused?: (process: string, refusal: Refused) => void;
  /** Told of what went wrong with a timer, which is tried again. */
  readonly timerFailed: (error: unknown, timerId?: string) => void;
}

export interface Processes {
  /** To be run by the subscriptions, each with a checkpoint of its own. */
  readonly reactors: readonly ReactorDefinition[];
  /** Compares the books for one span, and mends what does not agree, or opens a task for it. */
  reconcile(
    parts: Pick<ReconciliationParts, 'books' | 'leftovers' | 'history' | 'discards'> & {
      readonly tenant: string;
      /** Lets the kitchen hear of a confirmed order, as its message would. */
      readonly tellKitchen: (confirmed: RecordedEvent) => Promise<void>;
      /** Lets whoever has sessions made hear of a payment that is asked for, as its message would. */
      readonly askPayment: (asked: RecordedEvent) => Promise<void>;
    },
    span: Span,
  ): Promise<Reconciled>;
  /** Begins to fire timers; stop it before the database goes. */
  startTimers(): WorkLoop;
}

const WAKE_WITHIN_MS = 1_000;

/** All process managers and their timers, bound to what they work with. */
export function createProcesses(parts: ProcessParts): Processes {
  const { executor, folds, database, clock, sessions, simulateKitchen, timerFailed } = parts;
  let runner: WorkLoop | undefined;
  const timers = new TimerTable(database, {
    clock: parts.timerClock,
    scheduled: (dueAt) => {
      // what is due later is found when its time comes
      if (Date.parse(dueAt) - Date.parse(clock.now()) <= WAKE_WITHIN_MS) runner?.wake();
    },
  });
  const related = relatedBy(executor, parts.settings, clock);
  const engine = createEngine({
    executor,
    clock,
    timers,
    sessions,
    ...(parts.refused ? { refused: parts.refused } : {}),
  });
  const { reactors, fire } = bindProcesses(
    { engine, folds, related },
    { simulateKitchen, completionDelay: parts.completionDelay, unpaidOrders: parts.unpaidOrders },
  );
  const processNamed = (process: string): ReactorDefinition => {
    const found = reactors.find(({ name }) => name === process);
    if (found === undefined) throw new Error(`there is no process ${process}`);
    return found;
  };
  return {
    reactors,
    reconcile: ({ tellKitchen, askPayment, ...wish }, span) => {
      const byMessage: Readonly<Record<string, (recorded: RecordedEvent) => Promise<void>>> = {
        kitchen: tellKitchen,
        payment: askPayment,
      };
      const hear = async ({ process, recorded }: HeardAgain): Promise<void> =>
        byMessage[process]?.(recorded) ?? processNamed(process).react(recorded);
      return reconcile({ ...wish, engine, related, clock, hear }, span);
    },
    startTimers: () => (runner = startTimerRunner({ table: timers, fire, failed: timerFailed })),
  };
}

export { PROCESS_NAMES, processWants } from './bindProcesses.js';
export type { CompletionDelay } from './completion.js';
export type { Refused } from './engine/outcome.js';
export { startHousekeeping } from './housekeeping/housekeeping.js';
export { relatedBy } from './engine/related.js';
export { type BookRow, type Day, dayBook, type DayBook } from './reconciliation/dayBook.js';
export type { Finding } from './reconciliation/finding.js';
export { findings, type ReconciliationParts, type Span } from './reconciliation/reconcile.js';
export { startReconciliation } from './reconciliation/schedule.js';
export type { UnpaidOrders } from './ports/unpaidOrders.js';
export type { PaymentSessions } from './ports/paymentSessions.js';
