import {
  circuitBreaker,
  ConsecutiveBreaker,
  ConstantBackoff,
  ExponentialBackoff,
  handleWhen,
  isBrokenCircuitError,
  isTaskCancelledError,
  retry,
  wrap,
} from 'cockatiel';
import { isSystemFault } from './faults.js';
import { RETRY_DELAYS_MS } from './messageConsumer.js';
import type { ConsumeOptions, Delivery } from './messageConsumer.js';

/** What every broker does alike when a message does not go through; the delays can be shortened for tests. */
export interface DeliveryPolicyOptions {
  /** Rests between attempts after faults of the message, in milliseconds; default `RETRY_DELAYS_MS`. */
  readonly retryDelaysMs?: readonly number[];
  /** How long the breaker stays open after a first fault of the system, doubling up to `maxMs`; default 1 s and 30 s. */
  readonly breaker?: { readonly initialMs: number; readonly maxMs: number };
  /** Hears of faults of the system, once each time the breaker opens. */
  readonly onSystemFault?: (queue: string, error: unknown) => void;
}

/** What is to become of a delivery. */
export type Settlement =
  | { readonly _tag: 'Acknowledge' }
  | { readonly _tag: 'RetryLater'; readonly delayMs: number; readonly reason: string }
  | { readonly _tag: 'DeadLetter'; readonly reason: string }
  /** The consumer stops while the message waits for the system: back to the queue, at no cost. */
  | { readonly _tag: 'GiveBack' };

export interface DeliveryPolicy {
  /** Works one delivery until it is settled; while the system is at fault that lasts until `signal`. Never rejects. */
  settle(delivery: Delivery, signal: AbortSignal): Promise<Settlement>;
}

class Stopped extends Error {}

const isPassing = (error: unknown): boolean => isSystemFault(error) || isBrokenCircuitError(error);

/**
 * One consumer's breaker and retry rules. The first fault of the system opens the breaker; from then on deliveries wait
 * instead of being handed over, and after a pause one of them tries whether the system is back.
 */
export const deliveryPolicy = (
  { queue, handle }: Pick<ConsumeOptions, 'queue' | 'handle'>,
  options: DeliveryPolicyOptions = {},
): DeliveryPolicy => {
  const retryDelaysMs = options.retryDelaysMs ?? RETRY_DELAYS_MS;
  const { initialMs, maxMs } = options.breaker ?? { initialMs: 1_000, maxMs: 30_000 };
  const breaker = circuitBreaker(handleWhen(isSystemFault), {
    halfOpenAfter: new ExponentialBackoff({ initialDelay: initialMs, maxDelay: maxMs }),
    breaker: new ConsecutiveBreaker(1),
  });
  breaker.onBreak((reason) => {
    if ('error' in reason) options.onSystemFault?.(queue, reason.error);
  });
  // while the breaker is open an attempt costs nothing, it only looks whether the pause is over
  const patient = retry(handleWhen(isPassing), { backoff: new ConstantBackoff(Math.max(1, initialMs / 4)) });
  const guarded = wrap(patient, breaker);

  const attempt = async (delivery: Delivery, signal: AbortSignal): Promise<Settlement> => {
    try {
      await guarded.execute(async () => {
        if (signal.aborted) throw new Stopped();
        await handle(delivery);
      }, signal);
      return { _tag: 'Acknowledge' };
    } catch (error) {
      if (error instanceof Stopped || (signal.aborted && (isPassing(error) || isTaskCancelledError(error))))
        return { _tag: 'GiveBack' };
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      const delayMs = retryDelaysMs[delivery.attempt - 1];
      return delayMs === undefined ? { _tag: 'DeadLetter', reason } : { _tag: 'RetryLater', delayMs, reason };
    }
  };
  return { settle: attempt };
};
