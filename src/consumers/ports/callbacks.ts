import type { CloudEvent } from '../contracts/cloudEvent.js';

/** How an engine gives its answer. */
export interface Callbacks {
  /** Resolves once the message is durable wherever it is wanted; throws a fault of the system where that is not known. */
  publish(message: CloudEvent<unknown>): Promise<void>;
}
