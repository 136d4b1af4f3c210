import type { Aggregate } from '../kernel/aggregate.js';
import { alreadyTrue, record } from '../kernel/decision.js';
import { emptyTrie, type HashTrie, trieGet, trieSet } from '../kernel/hashTrie.js';
import type { TicketId } from '../kernel/ids.js';
import { type PickupEvent, pickupEvents } from './events.js';

/** Asks for the number of a ticket; who asks again gets the same one. */
export interface GivePickupNumber {
  readonly type: 'GivePickupNumber';
  readonly ticketId: TicketId;
}

/** The last number that was given, and which ticket has which. */
export interface PickupCounter {
  readonly last: number;
  readonly numbers: HashTrie<number>;
}

/**
 * The numbers that a location calls out on one business day: `pickupCounter-{location}_{date}`. They begin at 1 and have no
 * gaps; a ticket keeps its number, whatever becomes of it.
 */
export const pickupCounter: Aggregate<PickupCounter, GivePickupNumber, PickupEvent, never> = {
  category: 'pickupCounter',
  initial: { last: 0, numbers: emptyTrie },
  decide: ({ ticketId }, { last, numbers }) =>
    trieGet(numbers, ticketId) === undefined
      ? record({ type: 'PickupNumberGiven', data: { ticketId, pickupNo: last + 1 } })
      : alreadyTrue,
  evolve: ({ last, numbers }, { data: { ticketId, pickupNo } }) => ({
    last: Math.max(last, pickupNo),
    numbers: trieSet(numbers, ticketId, pickupNo),
  }),
  codec: pickupEvents,
  stateVersion: 1,
};

/** The number of a ticket; undefined where it never asked for one. */
export const pickupNumberOf = ({ numbers }: PickupCounter, ticketId: TicketId): number | undefined =>
  trieGet(numbers, ticketId);

export type { PickupEvent } from './events.js';
