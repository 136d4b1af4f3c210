import type { Executor } from '../commands/executor/contract.js';
import type { Clock } from '../commands/ports/clock.js';
import type { CurrentSettings } from '../commands/ports/currentSettings.js';
import type { Folds, ReactorDefinition } from '../subscriptions/contract.js';
import type { Database } from '../subscriptions/ports/database.js';
import type { WorkLoop } from '../subscriptions/workLoop.js';
import { cancellation } from './cancellation.js';
import { COMPLETION_DELAYS, completion, completionDue, type CompletionDelays } from './completion.js';
import { confirming } from './confirming.js';
import { delivery } from './delivery.js';
import { createEngine } from './engine/engine.js';
import type { Refused } from './engine/outcome.js';
import { reactorOf } from './engine/reactor.js';
import { relatedBy } from './engine/related.js';
import { fulfilment } from './fulfilment.js';
import { holdDeadline, holdDue } from './holdDeadline.js';
import { itemsDone, kitchenSimulator } from './kitchenSimulator.js';
import { moneyHeld, moneyHeldDue } from './moneyHeld.js';
import { paymentDeadline, paymentDue } from './paymentDeadline.js';
import { paymentPoll, paymentPollDue } from './paymentPoll.js';
import { placing } from './placing.js';
import { reconcile, type Reconciled, type ReconciliationParts, type Span } from './reconciliation/reconcile.js';
import { refund } from './refund.js';
import { tasks } from './tasks.js';
import type { PaymentSessions } from './ports/paymentSessions.js';
import { screeningDeadline, screeningDue } from './screeningDeadline.js';
import { ticketDue, ticketFiring } from './ticketFiring.js';
import { type Fire, firing, startTimerRunner } from './timers/timerRunner.js';
import { TimerTable } from './timers/timerTable.js';
import { transfer } from './transfer.js';

export interface ProcessParts {
  readonly executor: Executor;
  readonly folds: Folds;
  readonly database: Database;
  readonly clock: Clock;
  readonly settings: CurrentSettings;
  readonly sessions: PaymentSessions;
  /** Cook by itself (`KITCHEN_SIMULATOR=on`). */
  readonly simulateKitchen: boolean;
  readonly completionDelays?: CompletionDelays;
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
    parts: Pick<ReconciliationParts, 'books' | 'leftovers'> & { readonly tenant: string },
    span: Span,
  ): Promise<Reconciled>;
  /** Begins to fire timers; stop it before the database goes. */
  startTimers(): WorkLoop;
}

/** Whose checkpoints say how far the processes have come; the simulated kitchen, which need not run, is not among them. */
export const PROCESS_NAMES: readonly string[] = [
  placing.name,
  screeningDeadline.name,
  paymentDeadline.name,
  paymentPoll.name,
  confirming.name,
  moneyHeld.name,
  fulfilment.name,
  delivery.name,
  ticketFiring.name,
  cancellation.name,
  holdDeadline.name,
  refund.name,
  tasks.name,
  transfer.name,
  completion(COMPLETION_DELAYS).name,
];

const WAKE_WITHIN_MS = 1_000;

/** All process managers and their timers, bound to what they work with. */
export function createProcesses(parts: ProcessParts): Processes {
  const { executor, folds, database, clock, sessions, simulateKitchen, timerFailed } = parts;
  let runner: WorkLoop | undefined;
  const timers = new TimerTable(database, clock, (dueAt) => {
    // what is due later is found when its time comes
    if (Date.parse(dueAt) - Date.parse(clock.now()) <= WAKE_WITHIN_MS) runner?.wake();
  });
  const related = relatedBy(executor, parts.settings);
  const engine = createEngine({
    executor,
    clock,
    timers,
    sessions,
    ...(parts.refused ? { refused: parts.refused } : {}),
  });
  const bound = { engine, folds, related };

  const reactors: ReactorDefinition[] = [
    reactorOf(placing, bound),
    reactorOf(screeningDeadline, bound),
    reactorOf(paymentDeadline, bound),
    reactorOf(paymentPoll, bound),
    reactorOf(confirming, bound),
    reactorOf(moneyHeld, bound),
    reactorOf(fulfilment, bound),
    reactorOf(delivery, bound),
    reactorOf(ticketFiring, bound),
    reactorOf(cancellation, bound),
    reactorOf(holdDeadline, bound),
    reactorOf(refund, bound),
    reactorOf(tasks, bound),
    reactorOf(transfer, bound),
    reactorOf(completion(parts.completionDelays ?? COMPLETION_DELAYS), bound),
  ];
  const fire = new Map<string, Fire>([
    [paymentDue.name, firing(paymentDue, engine, related)],
    [paymentPollDue.name, firing(paymentPollDue, engine, related)],
    [screeningDue.name, firing(screeningDue, engine, related)],
    [moneyHeldDue.name, firing(moneyHeldDue, engine, related)],
    [holdDue.name, firing(holdDue, engine, related)],
    [ticketDue.name, firing(ticketDue, engine, related)],
    [completionDue.name, firing(completionDue, engine, related)],
  ]);
  if (simulateKitchen) {
    reactors.push(reactorOf(kitchenSimulator, bound));
    fire.set(itemsDone.name, firing(itemsDone, engine, related));
  }
  return {
    reactors,
    reconcile: (wish, span) => reconcile({ ...wish, engine, related, clock }, span),
    startTimers: () => (runner = startTimerRunner({ table: timers, clock, fire, failed: timerFailed })),
  };
}

export { COMPLETION_DELAYS, type CompletionDelays } from './completion.js';
export type { Refused } from './engine/outcome.js';
export { relatedBy } from './engine/related.js';
export type { Finding } from './reconciliation/finding.js';
export { findings, type ReconciliationParts, type Span } from './reconciliation/reconcile.js';
export { startReconciliation } from './reconciliation/schedule.js';
export type { PaymentSessions } from './ports/paymentSessions.js';
