import { stockStream } from '../../../src/domain/kernel/streams.js';
import type { Installation } from '../world/installation.js';
import type { Invariant } from './invariant.js';
import { Violation } from './violation.js';

/** Counted from the events alone: what came back is on its shelf again or written off, each of it once, and nothing that nobody gave back. */
export function returnsAreRestocked(): Invariant {
  const name = 'what comes back is restocked or written off once';
  /** By shelf, order and what became of it: how many units, and by which returns. */
  const taken = new Map<string, number>();
  const known = new Set<string>();
  return {
    name,
    stored: ({ stream, event }) => {
      if (event.type !== 'StockReturned' && event.type !== 'StockWrittenOff') return;
      const { returnId, orderId, qty } = event.data;
      if (known.has(`${stream}/${returnId}`)) throw new Violation(name, `${stream} took ${returnId} in twice`);
      known.add(`${stream}/${returnId}`);
      const key = `${stream} ${orderId} ${event.type}`;
      taken.set(key, (taken.get(key) ?? 0) + qty);
    },
    atRest: ({ histories }: Installation) => {
      const given = new Map<string, number>();
      for (const { stream, event } of histories.events) {
        if (event.type !== 'LinesReturned') continue;
        const order = histories.newestOf('order', stream);
        if (!order || order.status === 'none') throw new Violation(name, `${stream} gave back what it never was`);
        const { lines, locationId, orderId } = order.details;
        for (const { lineId, qty, condition } of event.data.lines) {
          const line = lines.find((one) => one.lineId === lineId && one.track);
          if (line === undefined) continue;
          const way = condition === 'sellable' ? 'StockReturned' : 'StockWrittenOff';
          const key = `${stockStream(line.sku, locationId)} ${orderId} ${way}`;
          given.set(key, (given.get(key) ?? 0) + qty);
        }
      }
      for (const key of new Set([...given.keys(), ...taken.keys()])) {
        const [back, there] = [given.get(key) ?? 0, taken.get(key) ?? 0];
        if (back !== there) throw new Violation(name, `${key}: ${back} came back, and ${there} are counted`);
      }
    },
  };
}
