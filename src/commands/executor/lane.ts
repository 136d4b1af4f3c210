import { type BatchTools, carryOut } from './batch.js';
import type { AnyAggregate } from './streamState.js';
import type { Waiting } from './waiting.js';

/** The commands of one stream, one batch after the other. While a batch is being stored, the next one gathers. */
export interface Lane {
  add(waiting: Waiting): void;
  readonly length: number;
}

/**
 * @param maxCommands commands of one batch
 * @param onIdle called when nothing waits any more and the lane can be forgotten
 */
export function createLane(
  tools: BatchTools,
  maxCommands: number,
  aggregate: AnyAggregate,
  stream: string,
  onIdle: () => void,
): Lane {
  const queue: Waiting[] = [];
  let draining = false;

  async function drain(): Promise<void> {
    while (queue.length > 0) {
      const answered = await carryOut(tools, aggregate, stream, queue.slice(0, maxCommands));
      queue.splice(0, answered);
    }
    draining = false;
    onIdle();
  }

  return {
    add: (waiting) => {
      queue.push(waiting);
      if (draining) return;
      draining = true;
      void drain();
    },
    get length() {
      return queue.length;
    },
  };
}
