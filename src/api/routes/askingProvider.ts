import { setTimeout as sleep } from 'node:timers/promises';
import type { PaymentId } from '../../domain/kernel/ids.js';
import type { ApiDependencies } from '../dependencies.js';
import { isSystemFault } from '../http/faults.js';

/** Whether the provider answered. One that is away is asked again by itself: see processes/reconciliation. */
export async function askProvider({ syncPayment, log }: ApiDependencies, id: PaymentId): Promise<boolean> {
  try {
    await syncPayment(id, 'return');
    return true;
  } catch (error) {
    log.warn('a payment could not be asked about at the provider', { paymentId: id, error });
    if (!isSystemFault(error)) throw error;
    return false;
  }
}

/** What comes of it, or false when the time is over, or nobody waits any more; it goes on all the same. */
export async function within(ms: number, patience: AbortSignal, asking: Promise<boolean>): Promise<boolean> {
  const done = new AbortController();
  const over = sleep(ms, false, { signal: AbortSignal.any([patience, done.signal]) }).catch(() => false);
  try {
    return await Promise.race([asking, over]);
  } finally {
    done.abort();
  }
}
