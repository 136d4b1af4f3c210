import type { DueTimer } from '../timers/timer.js';

/** Timers as processes set them; durable when the promise resolves. */
export interface Timers {
  /** Sets a timer, once: an id that is there already, even fired or cancelled, stays as it is. */
  schedule(timer: DueTimer): Promise<void>;
  /** The timer will not fire any more, unless it is firing right now; unknown ids are no error. */
  cancel(timerId: string): Promise<void>;
}
