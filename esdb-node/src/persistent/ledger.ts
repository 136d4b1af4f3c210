import type { Place } from './places.js';

/** How far everything is done. */
export interface Reached {
  /** The last place with nothing unfinished up to it; undefined when there is none yet. */
  readonly place: Place | undefined;
  /** How many events lie up to there, counted since the group was started. */
  readonly count: number;
}

/**
 * Keeps account of what was taken from a group's source and is not finished: what a checkpoint must stay in front of. Holds
 * only the unfinished, so a message that takes long costs nothing for those that are finished after it.
 */
export class Ledger {
  /** In the order in which they were taken. */
  private readonly unfinished = new Map<number, Reached>();
  private last: Place | undefined;
  private count = 0;
  private next = 0;

  /** Takes an event; returns the number to finish it by. `weight`: what it counts for a checkpoint to be worth writing. */
  take(place: Place, weight: number): number {
    const number = this.next++;
    this.unfinished.set(number, { place: this.last, count: this.count });
    this.pass(place, weight);
    return number;
  }

  /** Goes past events that are nothing to the group. */
  pass(place: Place, weight: number): void {
    this.last = place;
    this.count += weight;
  }

  finish(number: number): void {
    this.unfinished.delete(number);
  }

  reached(): Reached {
    const [first] = this.unfinished.values();
    return first ?? { place: this.last, count: this.count };
  }
}
