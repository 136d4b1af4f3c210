import type { Workload } from '../workload/workload.js';
import type { Installation } from '../world/installation.js';

export const OVER: ReadonlySet<string> = new Set(['rejected', 'expired', 'cancelled', 'completed']);

/** What is still to be done; undefined when everything is at rest. */
export function restOf(installation: Installation, workload: Workload): string | undefined {
  const { histories, broker, webhooks, faults, log, database } = installation;
  if (!faults.healed) return 'faults go on';
  if (!workload.begun || workload.busy > 0) return `${workload.busy} people are busy`;
  for (const [stream, { status }] of histories.newest('order')) {
    if (!OVER.has(status)) return `${stream} is ${status}`;
  }
  if (broker.waiting > 0) return `${broker.waiting} messages wait`;
  if (webhooks.pending > 0) return `${webhooks.pending} webhooks are on their way`;
  if (database.committed('webhook_inbox').some((row) => row.processed_at === null)) return 'webhooks wait in the inbox';
  const timer = database.committed('timers').find((row) => row.fired_at === null && row.cancelled === false);
  if (timer) return `the timer ${String(timer.id)} waits`;
  const { head } = log;
  for (const { name, position } of database.committed('checkpoints')) {
    if (head !== null && (position === null || (position as bigint) < head)) return `${String(name)} lags behind`;
  }
  return undefined;
}
