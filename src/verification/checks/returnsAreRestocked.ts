import type { RecordedEvent } from '../../domain/events.js';
import { stockStream } from '../../domain/kernel/streams.js';
import type { Order } from '../../domain/order/index.js';
import { type Check, NOTHING } from '../check.js';

type Way = 'StockReturned' | 'StockWrittenOff';

interface Units {
  readonly qty: number;
  readonly way: Way;
}
/** What an order says came back, and the shelf that it has to be counted at. */
interface Back extends Units {
  readonly order: string;
  readonly shelf: string;
  readonly position: bigint;
}

/** What came back of an order is on the shelf again, or written off: each line of each return, and once. */
export const returnsAreRestocked: Check = {
  name: 'returns-are-restocked',
  rule: 'what came back of an order was put on its shelf again, or written off, once, and nothing that nobody gave back',
  begin: () => {
    const given = new Map<string, Back>();
    const taken = new Map<string, Units & { readonly shelf: string }>();
    return {
      change: ({ recorded, after }) => {
        const { event, stream } = recorded;
        if (event.type === 'LinesReturned') {
          for (const [key, back] of backOf(recorded, after as Order)) given.set(key, back);
          return NOTHING;
        }
        if (event.type !== 'StockReturned' && event.type !== 'StockWrittenOff') return NOTHING;
        const key = keyOf(stream, event.data.returnId);
        const twice = taken.has(key);
        taken.set(key, { qty: event.data.qty, way: event.type, shelf: stream });
        return twice ? [{ where: stream, text: `took return ${event.data.returnId} in twice` }] : NOTHING;
      },
      *end(world) {
        for (const [key, back] of given) {
          const there = taken.get(key);
          if (there ? isSame(back, there) : !world.settled(back)) continue;
          yield {
            where: back.order,
            text: `return ${idIn(key)} brought back ${inWords(back)} at ${back.shelf}, which ${there ? `has ${inWords(there)}` : 'does not have it'}`,
            expected: back.qty,
            found: there?.qty ?? 0,
          };
        }
        for (const [key, { shelf, ...units }] of taken) {
          if (!given.has(key))
            yield { where: shelf, text: `${inWords(units)} by return ${idIn(key)}, which no order knows` };
        }
      },
    };
  },
};

/** What has to be counted somewhere, by which name: as far as stock is kept of it. */
function* backOf({ event, stream, position }: RecordedEvent, its: Order): Iterable<readonly [string, Back]> {
  if (event.type !== 'LinesReturned' || its.status === 'none') return;
  const { lines, locationId } = its.details;
  for (const [place, { lineId, qty, condition }] of event.data.lines.entries()) {
    const line = lines.find((one) => one.lineId === lineId && one.track);
    if (line === undefined) continue;
    const shelf = stockStream(line.sku, locationId);
    const way = condition === 'sellable' ? 'StockReturned' : 'StockWrittenOff';
    yield [keyOf(shelf, `${event.data.returnId}/${place}`), { order: stream, shelf, qty, way, position }];
  }
}

const keyOf = (shelf: string, returnId: string): string => `${shelf} ${returnId}`;
const idIn = (key: string): string => key.slice(key.lastIndexOf(' ') + 1);
const isSame = (one: Units, other: Units): boolean => one.qty === other.qty && one.way === other.way;
const inWords = ({ qty, way }: Units): string => `${qty} ${way === 'StockReturned' ? 'to sell again' : 'to write off'}`;
