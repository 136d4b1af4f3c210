import { observedSessions } from '../../consumers/index.js';
import type { PaymentProvider } from '../../consumers/payment/ports/paymentProvider.js';
import { COMPLETION_DELAYS, createProcesses, type Processes } from '../../processes/index.js';
import type { Database } from '../../subscriptions/ports/database.js';
import type { Log } from '../../subscriptions/ports/log.js';
import type { Config } from '../config.js';
import type { Core } from '../core.js';

const HOUR_MS = 60 * 60_000;

/** Adds every process manager to the subscriptions; `startTimers` of the answer begins to fire timers. */
export function addProcesses(
  { executor, subscriptions, settings, clock }: Core,
  database: Database,
  provider: PaymentProvider,
  config: Pick<Config, 'completionHours' | 'kitchenSimulator'>,
  log: Log,
): Processes {
  const delay = config.completionHours * HOUR_MS;
  const processes = createProcesses({
    executor,
    folds: subscriptions.folds,
    database,
    clock,
    settings,
    sessions: observedSessions(provider, clock),
    simulateKitchen: config.kitchenSimulator,
    completionDelays: { ...COMPLETION_DELAYS, pickup: delay, dine_in: delay, digital: delay },
    refused: (process, refusal) => log.debug('a process met a refusal', { process, ...refusal }),
    timerFailed: (error, timerId) => log.warn('a timer failed and is tried again', { timerId, error }),
  });
  for (const reactor of processes.reactors) subscriptions.addReactor(reactor);
  return processes;
}
