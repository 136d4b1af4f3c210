import type { Aggregate } from '../kernel/aggregate.js';
import { alreadyTrue, record } from '../kernel/decision.js';
import { emptyTrie, type HashTrie, trieGet, trieSet } from '../kernel/hashTrie.js';
import type { TicketId } from '../kernel/ids.js';
import { instantOf, writtenInstant } from '../kernel/instant.js';
import { type PickupEvent, pickupEvents } from './events.js';

/** What a ticket asks of a kitchen that can make only so much at a time. */
export interface KitchenLoad {
  readonly units: number;
  /** When it would be begun if nothing else were to be made: RFC 3339. */
  readonly from: string;
  /** Units in a quarter of an hour, at least 1. */
  readonly capacity: number;
}

/** Asks for the number of a ticket, and for a time in the kitchen; who asks again gets the same. */
export interface GivePickupNumber {
  readonly type: 'GivePickupNumber';
  readonly ticketId: TicketId;
  /** Absent: the kitchen makes whatever comes. */
  readonly load?: KitchenLoad;
}

/** What a ticket was given. */
export interface Pickup {
  readonly pickupNo: number;
  /** The beginning of the quarter of an hour that it is made in, RFC 3339; absent: whenever. */
  readonly quarter?: string;
}

/** The last number that was given, what each ticket got, and how many units each quarter of an hour has. */
export interface PickupCounter {
  readonly last: number;
  readonly tickets: HashTrie<Pickup>;
  readonly quarters: HashTrie<number>;
}

/**
 * The numbers that a location calls out on one business day, and what its kitchen has to do when:
 * `pickupCounter-{location}_{date}`. Numbers begin at 1 and have no gaps; a ticket keeps its number and its time, whatever
 * becomes of it.
 */
export const pickupCounter: Aggregate<PickupCounter, GivePickupNumber, PickupEvent, never> = {
  category: 'pickupCounter',
  initial: { last: 0, tickets: emptyTrie, quarters: emptyTrie },
  decide: ({ ticketId, load }, counter) => {
    if (pickupOf(counter, ticketId)) return alreadyTrue;
    const place = load ? { quarter: freeQuarter(counter, load), units: load.units } : {};
    return record({ type: 'PickupNumberGiven', data: { ticketId, pickupNo: counter.last + 1, ...place } });
  },
  evolve: ({ last, tickets, quarters }, { data: { ticketId, pickupNo, quarter, units = 0 } }) => ({
    last: Math.max(last, pickupNo),
    tickets: trieSet(tickets, ticketId, { pickupNo, ...(quarter === undefined ? {} : { quarter }) }),
    quarters: quarter === undefined ? quarters : trieSet(quarters, quarter, (trieGet(quarters, quarter) ?? 0) + units),
  }),
  codec: pickupEvents,
  stateVersion: 2,
};

const QUARTER_MS = 15 * 60_000;

/** The first quarter with room for it; one that has nothing to make takes anything, or a large order would never be made. */
function freeQuarter({ quarters }: PickupCounter, { units, from, capacity }: KitchenLoad): string {
  let begins = Math.floor(instantOf(from) / QUARTER_MS) * QUARTER_MS;
  const load = (): number => trieGet(quarters, writtenInstant(begins)) ?? 0;
  while (load() > 0 && load() + units > capacity) begins += QUARTER_MS;
  return writtenInstant(begins);
}

/** What a ticket was given; undefined where it never asked. */
export const pickupOf = ({ tickets }: PickupCounter, ticketId: TicketId): Pickup | undefined =>
  trieGet(tickets, ticketId);

export type { PickupEvent } from './events.js';
