import type { LocationId, OrderId } from '../../domain/kernel/ids.js';
import type { Money } from '../../domain/kernel/money.js';
import type { StreamName } from '../../domain/kernel/streams.js';
import { stock, type StockEvent } from '../../domain/stock/index.js';
import type { EventStore } from '../ports/eventStore.js';
import { decodeStored } from '../replay/index.js';

/** Units that came, went, were set aside or freed. */
export interface StockMovement {
  readonly revision: number;
  readonly kind:
    | 'registered'
    | 'received'
    | 'adjusted'
    | 'transferred_out'
    | 'transferred_in'
    | 'returned'
    | 'written_off'
    | 'reserved'
    | 'released'
    | 'consumed';
  /** How many; below zero where a count found fewer. */
  readonly quantity: number;
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  readonly by: string;
  readonly ref?: string;
  /** What all of it cost. */
  readonly cost?: Money;
  readonly reason?: string;
  readonly orderId?: OrderId;
  readonly from?: LocationId;
  readonly to?: LocationId;
}

type Moved = Omit<StockMovement, 'revision' | 'at' | 'by'>;

/** What an event moves; undefined where it moves nothing. */
function movementOf({ type, data }: StockEvent): Moved | undefined {
  switch (type) {
    case 'StockRegistered':
      return { kind: 'registered', quantity: data.onHand };
    case 'StockReceived':
      return { kind: 'received', quantity: data.qty, ref: data.ref, ...(data.cost ? { cost: data.cost } : {}) };
    case 'StockAdjusted':
      return { kind: 'adjusted', quantity: data.to - data.from, reason: data.reason };
    case 'TransferredOut':
      return { kind: 'transferred_out', quantity: data.qty, to: data.to };
    case 'TransferredIn':
      return { kind: 'transferred_in', quantity: data.qty, from: data.from };
    case 'StockReturned':
      return { kind: 'returned', quantity: data.qty, orderId: data.orderId };
    case 'StockWrittenOff':
      return { kind: 'written_off', quantity: data.qty, orderId: data.orderId };
    case 'StockReserved':
      return { kind: 'reserved', quantity: data.qty, orderId: data.orderId };
    case 'ReservationReleased':
    case 'ReservationReduced':
      return data.qty === 0 ? undefined : { kind: 'released', quantity: data.qty, orderId: data.orderId };
    case 'StockConsumed':
      return { kind: 'consumed', quantity: data.qty, orderId: data.orderId };
    default:
      return undefined;
  }
}

const READ_AT_ONCE = 200;

/**
 * The movements of a stock item before a revision, newest first, at most `limit`; fewer mean that there are no others.
 * @throws StoreUnavailable; UnreadableEvent
 */
export async function stockMovements(
  eventStore: EventStore,
  stream: StreamName,
  before: number,
  limit: number,
): Promise<readonly StockMovement[]> {
  const found: StockMovement[] = [];
  for (let end = before; end > 0 && found.length < limit; end -= READ_AT_ONCE) {
    const start = Math.max(0, end - READ_AT_ONCE);
    const part: StockMovement[] = [];
    for await (const stored of eventStore.read(stream, { fromRevision: start, maxCount: end - start })) {
      const { event, revision, meta } = decodeStored(stock.codec, stored);
      const moved = movementOf(event);
      if (moved) part.push({ revision, ...moved, at: meta.at, by: meta.actor.id });
    }
    found.push(...part.reverse());
  }
  return found.slice(0, limit);
}
