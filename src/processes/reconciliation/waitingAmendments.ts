import type { OrderId } from '../../domain/kernel/ids.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { order } from '../../domain/order/index.js';
import type { Related } from '../engine/related.js';
import type { History } from '../ports/history.js';
import type { Leftovers } from '../ports/leftovers.js';
import { addMilliseconds } from '../time.js';
import type { Finding } from './finding.js';
import { ofEachOrder } from './ofEachOrder.js';

export interface WaitingParts {
  readonly leftovers: Pick<Leftovers, 'amendmentsWaiting'>;
  readonly related: Related;
  readonly history: History;
}

/** For so long the stock may take to answer. */
const PATIENCE_MS = 15 * 60_000;

/** Amendments whose stock nobody asks for any more: while one waits, its order cannot be amended otherwise. */
export async function* amendmentFindings(parts: WaitingParts, now: string): AsyncIterable<Finding> {
  const before = addMilliseconds(now, -PATIENCE_MS);
  yield* ofEachOrder(await parts.leftovers.amendmentsWaiting(), (orderId) => waitingOf(orderId, parts, before));
}

async function* waitingOf(orderId: OrderId, parts: WaitingParts, before: string): AsyncIterable<Finding> {
  const stream = orderStream(orderId);
  const its = await parts.related.latest(order, stream);
  const waiting = its.status === 'none' ? undefined : its.askedAmendments?.at(-1);
  if (waiting?.state !== 'pending') return;
  const { amendmentId } = waiting;
  const recorded = (await parts.history(stream)).find(
    ({ event }) => event.type === 'AmendmentRequested' && event.data.amendmentId === amendmentId,
  );
  if (recorded === undefined || recorded.meta.at >= before) return;
  yield {
    key: `amendment ${amendmentId}`,
    about: { orderId },
    text: `an amendment waits for its stock since ${recorded.meta.at}`,
    again: { process: 'placing', recorded },
  };
}
