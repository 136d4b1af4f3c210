import type { Order } from '../../../src/domain/order/index.js';
import { categoryOf } from '../../../src/domain/kernel/streams.js';
import type { Invariant } from './invariant.js';
import { OVER } from './rest.js';
import { Violation } from './violation.js';

/** An order that is over stays as it ended; only money facts follow. */
export function terminalForEver(): Invariant {
  const name = 'an order that is over stays over';
  return {
    name,
    stored: ({ stream, revision, event }, histories) => {
      if (categoryOf(stream) !== 'order' || revision === 0) return;
      const before = (histories.at(stream, revision - 1) as Order).status;
      const after = (histories.at(stream, revision) as Order).status;
      if (OVER.has(before) && before !== after) {
        throw new Violation(name, `${stream} was ${before} and is ${after} after ${event.type}`);
      }
    },
  };
}
