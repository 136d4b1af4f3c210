import { observedSessions } from '../../consumers/index.js';
import type { PaymentProvider } from '../../consumers/payment/ports/paymentProvider.js';
import { type CompletionDelay, createProcesses, type Processes } from '../../processes/index.js';
import type { Database } from '../../subscriptions/ports/database.js';
import type { Log } from '../../subscriptions/ports/log.js';
import type { Config } from '../config.js';
import type { Core } from '../core.js';
import { unpaidOrdersOf } from '../unpaidOrders.js';

/** Adds every process manager to the subscriptions; `startTimers` of the answer begins to fire timers. */
export function addProcesses(
  { executor, subscriptions, settings, clock }: Core,
  database: Database,
  provider: PaymentProvider,
  config: Pick<Config, 'kitchenSimulator'> & { readonly completionDelay?: CompletionDelay },
  log: Log,
): Processes {
  const processes = createProcesses({
    executor,
    folds: subscriptions.folds,
    database,
    clock,
    settings,
    sessions: observedSessions(provider, clock),
    unpaidOrders: unpaidOrdersOf(database),
    simulateKitchen: config.kitchenSimulator,
    ...(config.completionDelay === undefined ? {} : { completionDelay: config.completionDelay }),
    refused: (process, refusal) => log.debug('a process met a refusal', { process, ...refusal }),
    timerFailed: (error, timerId) => log.warn('a timer failed and is tried again', { timerId, error }),
  });
  for (const reactor of processes.reactors) subscriptions.addReactor(reactor);
  return processes;
}
