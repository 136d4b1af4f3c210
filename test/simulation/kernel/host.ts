import type { Occurrence } from './scheduler.js';

/**
 * One operating system process. Its memory is gone when it crashes: nothing that was scheduled for one of its lives reaches
 * the next.
 */
export class Host {
  /** Counted from 1; another number is another life. */
  life = 1;
  state: 'up' | 'frozen' | 'down' = 'up';
  /** How far its clock is from the true time. */
  skewMs = 0;
  /** What happened while it was frozen, and reaches it when it wakes up. */
  readonly held: Occurrence[] = [];

  constructor(readonly name: string) {}
}
