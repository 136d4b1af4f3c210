import type { EventLog } from '../log/eventLog.js';
import { Ledger } from './ledger.js';
import type { Place } from './places.js';
import type { GroupDefinition } from './settings.js';
import { CheckpointStream } from './systemStreams.js';

/** How far a group has come, and when that is written down. */
export class Progress {
  /** The last event that was read for the group. */
  lastKnown: Place | undefined;
  /** The last checkpoint since the group was started. */
  checkpoint: Place | undefined;
  readonly stream: CheckpointStream;
  private readonly ledger = new Ledger();
  private written = 0;
  private writtenAt = -Infinity;

  constructor(
    log: EventLog,
    private readonly definition: GroupDefinition,
    id: string,
    private readonly report: (fault: unknown) => void,
  ) {
    this.stream = new CheckpointStream(log, definition.source, id);
  }

  /** An event for the group was read; returns the number to finish it by. */
  take(place: Place, weight: number): number {
    this.lastKnown = place;
    return this.ledger.take(place, weight);
  }

  pass(place: Place, weight: number): void {
    this.ledger.pass(place, weight);
  }

  finish(entry: number): void {
    this.ledger.finish(entry);
  }

  /** Whether a checkpoint will be written when its time has come. */
  get due(): boolean {
    const { minCheckPointCount, checkPointAfter } = this.definition.settings;
    const difference = this.ledger.reached().count - this.written;
    return difference > 0 && difference >= minCheckPointCount && checkPointAfter < NEVER;
  }

  /**
   * Writes a checkpoint when enough was finished since the last one: the upper bound at once, the lower bound after the time
   * that is set and only by the clock.
   */
  check(now: number, byClock: boolean): void {
    const { minCheckPointCount, maxCheckPointCount, checkPointAfter } = this.definition.settings;
    const { place, count } = this.ledger.reached();
    const difference = count - this.written;
    if (place === undefined || difference <= 0) return;
    const full = difference >= maxCheckPointCount;
    const timely = byClock && difference >= minCheckPointCount && now - this.writtenAt >= checkPointAfter;
    if (!full && !timely) return;
    this.written = count;
    this.writtenAt = now;
    this.checkpoint = place;
    this.stream.write(place).catch(this.report);
  }
}

/** The longest time that can be set: a real server's never. */
const NEVER = 0x7fffffff;
