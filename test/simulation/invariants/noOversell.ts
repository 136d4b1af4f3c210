import type { Invariant } from './invariant.js';
import { Violation } from './violation.js';

/** Counted from the events alone, without the rules that are on trial: what is promised and gone never exceeds what was there. */
export function noOversell(): Invariant {
  const name = 'nothing is sold that is not there';
  const left = new Map<string, number>();
  const held = new Map<string, number>();
  return {
    name,
    stored: ({ stream, event }) => {
      const free = left.get(stream) ?? 0;
      const key = 'reservationId' in event.data ? `${stream}/${event.data.reservationId}` : stream;
      switch (event.type) {
        case 'StockRegistered':
          left.set(stream, free + event.data.onHand);
          break;
        case 'StockReserved':
          left.set(stream, free - event.data.qty);
          held.set(key, (held.get(key) ?? 0) + event.data.qty);
          break;
        case 'ReservationReleased':
          left.set(stream, free + event.data.qty);
          held.set(key, (held.get(key) ?? 0) - event.data.qty);
          break;
        case 'StockConsumed':
          // what was not held for the order comes out of what is free
          left.set(stream, free - Math.max(0, event.data.qty - (held.get(key) ?? 0)));
          held.set(key, Math.max(0, (held.get(key) ?? 0) - event.data.qty));
          break;
        default:
          return;
      }
      if ((left.get(stream) ?? 0) < 0)
        throw new Violation(name, `${stream} stands at ${left.get(stream)} after ${event.type}`);
      if ((held.get(key) ?? 0) < 0) throw new Violation(name, `${key} gave back more than it held`);
    },
  };
}
