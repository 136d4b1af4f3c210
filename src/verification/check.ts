import type { RecordedEvent } from '../domain/events.js';
import type { FeedItem } from '../subscriptions/feed/feedItem.js';
import type { Finding } from './difference.js';
import type { World } from './world.js';

/** An event of an aggregate's stream with the states on both of its sides. */
export interface Change {
  readonly recorded: RecordedEvent;
  readonly before: unknown;
  readonly after: unknown;
}

/** What a check answers about nearly every event. */
export const NOTHING: readonly Finding[] = [];

/** One verification's use of a check: it may remember what it saw. Asked for each event of the log, so what it does is counted in microseconds. */
export interface CheckRun {
  /** Every event of the log in order, also what cannot be decoded; `known` is the stream's last revision before it, −1 for none. */
  readonly item?: (item: FeedItem, known: number) => Iterable<Finding>;
  /** Every event that was folded. */
  readonly change?: (change: Change) => Iterable<Finding>;
  /** After the whole log was read. */
  readonly end?: (world: World) => Iterable<Finding>;
}

/** One rule that must hold whatever happened. Pure: the log and the tables come to it. */
export interface Check {
  /** Short and fixed, for programs: `stock-never-below-zero`. */
  readonly name: string;
  /** The rule in one sentence, for people. */
  readonly rule: string;
  readonly begin: () => CheckRun;
}

/** A check of a folded world that remembers nothing. */
export const checkOfTheEnd = (name: string, rule: string, end: (world: World) => Iterable<Finding>): Check => ({
  name,
  rule,
  begin: () => ({ end }),
});
