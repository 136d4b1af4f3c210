import type { Invariant } from './invariant.js';
import { Violation } from './violation.js';

/**
 * Counted from the events alone, without the rules that are on trial: nothing is promised that is not there. What a kitchen had
 * begun when it was called off is gone all the same; where that was promised to somebody else it is said at once.
 */
export function noOversell(): Invariant {
  const name = 'nothing is sold that is not there';
  const left = new Map<string, number>();
  const held = new Map<string, number>();
  /** Where less is left than was promised, until that is said: by the same command, maybe after it says that nothing is left. */
  let short: { readonly stream: string; readonly commandId: string } | undefined;
  return {
    name,
    stored: ({ stream, event, meta: { commandId } }) => {
      if (short !== undefined && (short.stream !== stream || short.commandId !== commandId))
        throw new Violation(name, `nobody was told that ${short.stream} lacks what was promised`);
      if (event.type === 'StockShortfallDetected') short = undefined;
      const free = left.get(stream) ?? 0;
      const key = 'reservationId' in event.data ? `${stream}/${event.data.reservationId}` : stream;
      switch (event.type) {
        case 'StockRegistered':
          left.set(stream, free + event.data.onHand);
          break;
        case 'StockReturned':
          left.set(stream, free + event.data.qty);
          break;
        case 'StockReserved':
          left.set(stream, free - event.data.qty);
          held.set(key, (held.get(key) ?? 0) + event.data.qty);
          break;
        case 'ReservationReleased':
        case 'ReservationReduced':
          left.set(stream, free + event.data.qty);
          held.set(key, (held.get(key) ?? 0) - event.data.qty);
          break;
        case 'ReservationCarriedOver': {
          const { from, to, qty } = event.data;
          const given = (held.get(`${stream}/${from}`) ?? 0) - qty;
          if (given < 0) throw new Violation(name, `${stream}/${from} gave more than it held to ${to}`);
          held.set(`${stream}/${from}`, given);
          held.set(`${stream}/${to}`, (held.get(`${stream}/${to}`) ?? 0) + qty);
          return;
        }
        case 'StockConsumed': {
          // what was not held for the order comes out of what is free
          const beyond = Math.max(0, event.data.qty - (held.get(key) ?? 0));
          left.set(stream, free - beyond);
          held.set(key, Math.max(0, (held.get(key) ?? 0) - event.data.qty));
          if (beyond > Math.max(0, free)) short = { stream, commandId };
          break;
        }
        default:
          return;
      }
      const stands = left.get(stream) ?? 0;
      if (stands < 0 && event.type === 'StockReserved')
        throw new Violation(name, `${stream} stands at ${stands} after a reservation`);
      if ((held.get(key) ?? 0) < 0) throw new Violation(name, `${key} gave back more than it held`);
    },
  };
}
