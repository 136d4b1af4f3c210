import type { RecordedEvent } from '../../domain/events.js';
import { isId } from '../../domain/kernel/ids.js';
import type { DiscardedEvent, Discards } from '../../subscriptions/parking/discarded.js';
import { isSystemFault } from '../../subscriptions/systemFault.js';
import { processWants } from '../bindProcesses.js';
import type { History } from '../ports/history.js';
import { addMilliseconds } from '../time.js';
import type { Finding } from './finding.js';
import { PATIENCE_MS } from './look.js';

export interface DiscardedParts {
  readonly discards: Pick<Discards, 'waiting'>;
  readonly history: History;
}

/**
 * What would tell an order of the way instead of the end: each says how it stood then, and what came after it is not told twice. Whoever compares
 * orders with their payments finds it by how it stands now.
 */
export const FOUND_BY_STATE: Readonly<Record<string, ReadonlySet<string>>> = {
  refund: new Set([
    'RefundSucceeded',
    'RefundFailed',
    'RefundRejected',
    'ForeignRefundRecorded',
    'ForeignRefundFailed',
  ]),
};

const isFoundByState = (process: string, type: string): boolean => FOUND_BY_STATE[process]?.has(type) === true;

/** Streams of one order's things, which end with it: what came after an event may have rested on it. */
const OF_ONE_ORDER = /^(order|payment|ticket|shipment)-/;

/**
 * What an operator discarded, whatever it is: the process hears it once more, and after it what came since in the life of that order, ticket,
 * shipment or payment, as it does where its checkpoint is lost. What was done is known by its name then and not done twice. What it cannot work even
 * now, and what was never published, is somebody's task.
 */
export async function* discardedFindings({ discards, history }: DiscardedParts, now: string): AsyncIterable<Finding> {
  for (const discarded of await discards.waiting(addMilliseconds(now, -PATIENCE_MS))) {
    const { runner, position, stream, revision, type, discardedAt } = discarded;
    const finding = {
      // a position names an event for ever
      key: `discarded ${runner} ${position}`,
      about: subjectOf(stream),
      text: `${runner} never worked ${type} of ${stream} (revision ${revision}): it was discarded at ${discardedAt}`,
      discarded,
    };
    const [recorded, ...then] = await toHear(discarded, history);
    if (recorded === undefined) yield finding;
    else if (isFoundByState(runner, type)) yield { ...finding, isFoundOtherwise: true };
    else yield { ...finding, again: { process: runner, recorded, then } };
  }
}

/** The event, and what its process is to hear after it; none where nobody can hear of it. */
async function toHear(
  { runner, stream, revision }: DiscardedEvent,
  history: History,
): Promise<readonly RecordedEvent[]> {
  const wants = processWants(runner);
  if (wants === undefined) return [];
  try {
    // the stream of a stock item never ends, and nobody reads on in it
    const alone = OF_ONE_ORDER.test(stream) ? {} : { maxCount: 1 };
    const events = await history(stream, { fromRevision: revision, ...alone });
    return events.filter(
      ({ event, revision: its }) => its === revision || (wants(event.type) && !isFoundByState(runner, event.type)),
    );
  } catch (error) {
    if (isSystemFault(error)) throw error;
    // it cannot be read
    return [];
  }
}

function subjectOf(stream: string): Finding['about'] {
  const id = stream.slice(stream.indexOf('-') + 1);
  if (stream.startsWith('order-') && isId('order', id)) return { orderId: id };
  return stream.startsWith('payment-') && isId('payment', id) ? { paymentId: id } : {};
}
