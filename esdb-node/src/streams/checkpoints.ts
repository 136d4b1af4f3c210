import type { Window } from './readRequest.js';

export interface Checkpoint {
  readonly commit: number;
  readonly prepare: number;
}

const MAX_PAGE = 0x7fffffff;

/**
 * Says when a filtered subscription sends a checkpoint, as a real server does. In catch-up events are looked at in pages of
 * `window`; a checkpoint is due at the end of a page when `window × interval` events were looked at since the last one, at the
 * page's last match or, without one, at the page's start (with prepare 0). Live it is due at the very event.
 */
export class Checkpoints {
  /** Events of a page in catch-up. */
  readonly pageSize: number;
  /** A window of 0, or beyond 2^31 − 1: a real server never gets to the end of such a page. */
  readonly endless: boolean;
  private readonly interval: number;
  private considered = 0;
  private inPage = 0;
  private place: Checkpoint | undefined;

  constructor({ max, interval }: Window) {
    this.endless = max === 0 || max > MAX_PAGE;
    this.pageSize = max;
    // the real server multiplies in 32 bits
    this.interval = Number(BigInt.asUintN(32, BigInt(max) * BigInt(interval)));
  }

  /** Counts an event that was looked at; answers with the checkpoint that is due behind it. */
  consider(position: number, match: boolean, live: boolean): Checkpoint | undefined {
    this.considered += 1;
    if (live) {
      if (this.considered < this.interval) return undefined;
      this.considered = 0;
      return { commit: position, prepare: position };
    }
    this.inPage += 1;
    if (match) this.place = { commit: position, prepare: position };
    else if (this.inPage === 1) this.place = { commit: position, prepare: 0 };
    if (this.inPage < this.pageSize) return undefined;
    const place = this.place;
    this.inPage = 0;
    this.place = undefined;
    if (this.considered < this.interval) return undefined;
    this.considered = 0;
    return place;
  }
}
