import type { Aggregate } from '../kernel/aggregate.js';
import { assertNever } from '../kernel/assertNever.js';
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

/** Everything that may be asked of a pickup counter. */
export type PickupCommand =
  /** Asks for the number of a ticket, and for a time in the kitchen; who asks again gets the same. */
  | {
      readonly type: 'GivePickupNumber';
      readonly ticketId: TicketId;
      /** Absent: the kitchen makes whatever comes. */
      readonly load?: KitchenLoad;
    }
  /** So many units of the ticket are still to be made. Its time stays as it is; what it does not need any more is free again. */
  | { readonly type: 'ChangeKitchenLoad'; readonly ticketId: TicketId; readonly units: number }
  /**
   * The ticket is made at another time: in the quarter of an hour that begins then (RFC 3339). It was promised for then, so it is
   * counted there whether there is room or not.
   */
  | {
      readonly type: 'PlaceKitchenLoad';
      readonly ticketId: TicketId;
      readonly quarter: string;
      readonly units: number;
    }
  /** The ticket is made on another day. */
  | { readonly type: 'RemoveKitchenLoad'; readonly ticketId: TicketId };

/** What a ticket was given. */
export interface Pickup {
  /** Absent: its number is one of another day. */
  readonly pickupNo?: number;
  /** The beginning of the quarter of an hour that it is made in, RFC 3339; absent: whenever. */
  readonly quarter?: string;
  /** How many units of it are to be made then. */
  readonly units: number;
}

/** The last number that was given, what each ticket got, and how many units each quarter of an hour has. */
export interface PickupCounter {
  readonly last: number;
  readonly tickets: HashTrie<Pickup>;
  readonly quarters: HashTrie<number>;
}

/**
 * The numbers that a location calls out on one business day, and what its kitchen has to do when:
 * `pickupCounter-{location}_{date}`. Numbers begin at 1 and have no gaps; a ticket keeps its number, whatever becomes of it. It
 * is counted in one quarter of an hour at most, and moves to another when it is promised for another time; by then that may be on
 * another day, whose counter has its time and not its number.
 */
export const pickupCounter: Aggregate<PickupCounter, PickupCommand, PickupEvent, never> = {
  category: 'pickupCounter',
  initial: { last: 0, tickets: emptyTrie, quarters: emptyTrie },
  decide: (command, counter) => {
    const known = pickupOf(counter, command.ticketId);
    const { ticketId } = command;
    switch (command.type) {
      case 'GivePickupNumber': {
        if (known?.pickupNo !== undefined) return alreadyTrue;
        const { load } = command;
        const place = load ? { quarter: quarterFor(counter, load), units: load.units } : {};
        return record({ type: 'PickupNumberGiven', data: { ticketId, pickupNo: counter.last + 1, ...place } });
      }
      case 'ChangeKitchenLoad':
        // who has no time in the kitchen, or never came, takes nothing up
        return known?.quarter === undefined || known.units === command.units
          ? alreadyTrue
          : record({ type: 'KitchenLoadChanged', data: { ticketId, units: command.units } });
      case 'PlaceKitchenLoad': {
        const { quarter, units } = command;
        return known?.quarter === quarter && known.units === units
          ? alreadyTrue
          : record({ type: 'KitchenLoadPlaced', data: { ticketId, quarter, units } });
      }
      case 'RemoveKitchenLoad':
        return known?.quarter === undefined ? alreadyTrue : record({ type: 'KitchenLoadRemoved', data: { ticketId } });
      default:
        return assertNever(command);
    }
  },
  evolve: (counter, { type, data }) => {
    const known = pickupOf(counter, data.ticketId);
    switch (type) {
      case 'PickupNumberGiven': {
        const { pickupNo, quarter = known?.quarter, units = known?.units ?? 0 } = data;
        return {
          ...placed(counter, data.ticketId, { pickupNo, quarter, units }),
          last: Math.max(counter.last, pickupNo),
        };
      }
      case 'KitchenLoadChanged':
        return known?.quarter === undefined ? counter : placed(counter, data.ticketId, { ...known, units: data.units });
      case 'KitchenLoadPlaced':
        return placed(counter, data.ticketId, { ...known, quarter: data.quarter, units: data.units });
      case 'KitchenLoadRemoved':
        return known === undefined ? counter : placed(counter, data.ticketId, { pickupNo: known.pickupNo, units: 0 });
      default:
        return assertNever(type);
    }
  },
  codec: pickupEvents,
  stateVersion: 3,
};

/** So many days after its business day a counter is deleted. */
export const COUNTER_KEPT_DAYS = 30;
/** So many days after it nobody writes to it any more: clocks may differ, and memories may be old, by the days in between. */
const COUNTED_DAYS = 20;
const DAY_MS = 24 * 60 * 60_000;

/**
 * The business day whose counter a ticket takes its number from: its own, or, where that is so long over that its counter may be
 * gone, the present day (UTC): then the ticket is called out among those of today.
 * @param date `YYYY-MM-DD`
 * @param now RFC 3339, UTC
 */
export const countedOn = (date: string, now: string): string =>
  instantOf(now) - instantOf(`${date}T00:00:00.000Z`) > COUNTED_DAYS * DAY_MS ? now.slice(0, 10) : date;

const QUARTER_MS = 15 * 60_000;

/** The beginning of the quarter of an hour that a moment lies in; both RFC 3339. */
export const quarterOf = (at: string): string => writtenInstant(Math.floor(instantOf(at) / QUARTER_MS) * QUARTER_MS);

/** The quarter of an hour after the one that begins then; both RFC 3339. */
export const quarterAfter = (begins: string): string => writtenInstant(instantOf(begins) + QUARTER_MS);

/** How many units are to be made in the quarter of an hour that begins then (RFC 3339). */
export const loadOf = ({ quarters }: PickupCounter, begins: string): number => trieGet(quarters, begins) ?? 0;

/** The first quarter with room for it; one that has nothing to make takes anything, or a large order would never be made. */
export function quarterFor(counter: PickupCounter, { units, from, capacity }: KitchenLoad): string {
  let begins = quarterOf(from);
  while (loadOf(counter, begins) > 0 && loadOf(counter, begins) + units > capacity) begins = quarterAfter(begins);
  return begins;
}

interface Place {
  readonly pickupNo?: number | undefined;
  readonly quarter?: string | undefined;
  readonly units: number;
}

/** The counter with a ticket at its place, and at none that it had before. */
function placed(counter: PickupCounter, ticketId: TicketId, { pickupNo, quarter, units }: Place): PickupCounter {
  const before = pickupOf(counter, ticketId);
  const emptied = loaded(counter.quarters, before?.quarter, -(before?.units ?? 0));
  return {
    ...counter,
    tickets: trieSet(counter.tickets, ticketId, {
      units,
      ...(pickupNo === undefined ? {} : { pickupNo }),
      ...(quarter === undefined ? {} : { quarter }),
    }),
    quarters: loaded(emptied, quarter, units),
  };
}

const loaded = (quarters: HashTrie<number>, quarter: string | undefined, more: number): HashTrie<number> =>
  quarter === undefined ? quarters : trieSet(quarters, quarter, (trieGet(quarters, quarter) ?? 0) + more);

/** What a ticket was given; undefined where it never asked. */
export const pickupOf = ({ tickets }: PickupCounter, ticketId: TicketId): Pickup | undefined =>
  trieGet(tickets, ticketId);

export type { PickupEvent } from './events.js';
