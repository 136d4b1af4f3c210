import type { OrderId } from '../../domain/kernel/ids.js';
import { isSystemFault } from '../../subscriptions/systemFault.js';
import type { Finding } from './finding.js';

/** What is found of each order. One whose history cannot be read is a finding itself, and keeps no other from being looked at. */
export async function* ofEachOrder(
  ids: readonly OrderId[],
  find: (orderId: OrderId) => AsyncIterable<Finding>,
): AsyncIterable<Finding> {
  for (const orderId of ids) {
    try {
      yield* find(orderId);
    } catch (error) {
      if (isSystemFault(error)) throw error;
      const why = error instanceof Error ? error.message : String(error);
      yield { key: `unread ${orderId}`, about: { orderId }, text: `nobody can say what is left to do: ${why}` };
    }
  }
}
