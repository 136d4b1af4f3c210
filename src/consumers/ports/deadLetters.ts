import type { CloudEvent } from '../contracts/cloudEvent.js';

export interface DeadLetter {
  /** The message's own id where its envelope could be read, else one that the broker gave it. */
  readonly id: string;
  readonly queue: string;
  /** The message of the error that the last attempt ended with, or the broker's own reason. */
  readonly reason: string;
  /** Attempts made before it was given up. */
  readonly attempts: number;
  /** When it was given up, RFC 3339, UTC. */
  readonly deadAt: string;
  /** The message, or undefined when its body is no CloudEvent; `body` has it as it came. */
  readonly message: CloudEvent<unknown> | undefined;
  readonly body: string;
}

/**
 * Messages that a consumer gave up, by the consumer's queue. They stay until somebody retries or discards them.
 * Every method throws BrokerUnavailable when the broker does not answer.
 */
export interface DeadLetters {
  /** The queues that have (or could have) dead letters and that this installation knows of. */
  queues(): Promise<readonly string[]>;
  /** Oldest first, without changing them. */
  list(queue: string, limit: number): Promise<readonly DeadLetter[]>;
  count(queue: string): Promise<number>;
  /** Puts one dead letter (or all) back on the consumer's own queue as a first attempt; answers how many. */
  retry(queue: string, id?: string): Promise<number>;
  /** Drops one dead letter for good; answers how many (0 when there is none with that id). */
  discard(queue: string, id: string): Promise<number>;
  /** Drops all of them; answers how many. */
  purge(queue: string): Promise<number>;
}
