import type { RecordedEvent } from '../../../src/domain/events.js';
import { categoryOf } from '../../../src/domain/kernel/streams.js';
import type { ExistingOrder } from '../../../src/domain/order/index.js';
import { stockStream } from '../../../src/domain/kernel/streams.js';
import { type Check, checkEach } from './check.js';
import type { History } from './history.js';

/** An item by plain arithmetic on its events, without any rule of the program's own. */
interface Shelf {
  onHand: number;
  readonly held: Map<string, number>;
  consumed: number;
}

const heldOn = ({ held }: Shelf): number => [...held.values()].reduce((sum, qty) => sum + qty, 0);

/** No item is ever below zero, and what is held and gone fits the orders. */
export function checkStock(history: History): readonly Check[] {
  const shelves = new Map<string, Shelf>();
  const events = history.events.filter(({ stream }) => categoryOf(stream) === 'stock');
  const below = checkEach('no item is below zero after any event', events, (recorded) => {
    const { stream, revision } = recorded;
    const shelf = shelves.get(stream) ?? { onHand: 0, held: new Map<string, number>(), consumed: 0 };
    shelves.set(stream, shelf);
    const wrong = apply(shelf, recorded);
    if (wrong !== undefined) return `${stream}@${revision}: ${wrong}`;
    const held = heldOn(shelf);
    return shelf.onHand < 0 || shelf.onHand < held
      ? `${stream}@${revision}: ${shelf.onHand} on hand, ${held} reserved`
      : undefined;
  });
  return [
    below,
    checkEach('what is reserved and what is gone fits the orders', shelves, ([stream, shelf]) => {
      const { reserved, gone } = wantedFrom(history, stream);
      const held = heldOn(shelf);
      return held === reserved && shelf.consumed === gone
        ? undefined
        : `${stream}: ${held} reserved and ${shelf.consumed} gone, the orders ask for ${reserved} and ${gone}`;
    }),
    checkEach('what an item folds to is the same', history.stocks, ([stream, { state }]) => {
      const shelf = shelves.get(stream);
      if (state.status === 'none' || shelf === undefined) return undefined;
      return state.onHand === shelf.onHand && state.reserved === heldOn(shelf)
        ? undefined
        : `${stream} folds to ${state.onHand}/${state.reserved}, counted ${shelf.onHand}/${heldOn(shelf)}`;
    }),
  ];
}

function apply(shelf: Shelf, { event }: RecordedEvent): string | undefined {
  switch (event.type) {
    case 'StockRegistered':
      shelf.onHand = event.data.onHand;
      return undefined;
    case 'StockAdjusted':
      shelf.onHand = event.data.to;
      return undefined;
    case 'StockReserved': {
      const { reservationId, qty } = event.data;
      if (shelf.held.has(reservationId)) return `${reservationId} is reserved twice`;
      shelf.held.set(reservationId, qty);
      return undefined;
    }
    case 'ReservationReleased': {
      const { reservationId, qty } = event.data;
      const held = shelf.held.get(reservationId) ?? 0;
      shelf.held.delete(reservationId);
      return held === qty ? undefined : `${reservationId} held ${held}, ${qty} were released`;
    }
    case 'ReservationReduced': {
      const { reservationId, qty } = event.data;
      const held = shelf.held.get(reservationId) ?? 0;
      shelf.held.set(reservationId, held - qty);
      return held > qty ? undefined : `${reservationId} held ${held}, ${qty} of them were given back`;
    }
    case 'ReservationCarriedOver': {
      const { from, to, qty } = event.data;
      const held = shelf.held.get(from) ?? 0;
      shelf.held.set(from, held - qty);
      shelf.held.set(to, (shelf.held.get(to) ?? 0) + qty);
      return held >= qty ? undefined : `${from} held ${held}, ${qty} of them went to ${to}`;
    }
    case 'StockConsumed': {
      const { reservationId, qty } = event.data;
      const held = shelf.held.get(reservationId) ?? 0;
      shelf.held.set(reservationId, held - qty);
      shelf.onHand -= qty;
      shelf.consumed += qty;
      return held >= qty ? undefined : `${reservationId} held ${held}, ${qty} were consumed`;
    }
    default:
      return undefined;
  }
}

const HOLDING = new Set<ExistingOrder['status']>(['awaiting_payment', 'confirmed', 'in_fulfilment']);
const GONE = new Set<ExistingOrder['status']>(['fulfilled', 'completed']);

/** What all orders at rest ask of one item. */
function wantedFrom({ orders }: History, stream: string): { readonly reserved: number; readonly gone: number } {
  let [reserved, gone] = [0, 0];
  for (const { state } of orders.values()) {
    const units = state.lines
      .filter(({ sku, track }) => track && stockStream(sku, state.details.locationId) === stream)
      .reduce((sum, { qty, cancelled }) => sum + qty - cancelled, 0);
    if (HOLDING.has(state.status)) reserved += units;
    if (GONE.has(state.status)) gone += units;
  }
  return { reserved, gone };
}
