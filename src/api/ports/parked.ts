/** An event that a runner could not handle, or that waits behind such a one. */
export interface ParkedEvent {
  /** `RUNNER@POSITION`. */
  readonly id: string;
  readonly runner: string;
  readonly position: string;
  readonly stream: string;
  readonly revision: number;
  readonly eventId: string;
  readonly type: string;
  /** What the runner keeps in order, where that is not the stream. */
  readonly key: string | null;
  readonly reason: string;
  readonly parkedAt: string;
  /** When it was last tried again in vain. */
  readonly triedAt: string | null;
  /** What was asked for and is yet to be done by whoever runs the runner. */
  readonly asked: 'retry' | 'discard' | null;
}

export interface ParkedCount {
  readonly runner: string;
  readonly events: number;
  readonly streams: number;
}

export type Asked =
  | { readonly _tag: 'Asked'; readonly events: readonly ParkedEvent[] }
  | { readonly _tag: 'NoSuchParkedEvent' }
  | { readonly _tag: 'NotTheFirst'; readonly first: string };

/** What the API may do with parked events. What is asked is done by the runner's owner. Every method throws a system fault. */
export interface Parked {
  /** By runner, then in the order of the log. */
  list(filter: {
    readonly runner?: string;
    readonly limit?: number;
    readonly after?: string;
  }): Promise<readonly ParkedEvent[]>;
  find(id: string): Promise<ParkedEvent | undefined>;
  counts(): Promise<readonly ParkedCount[]>;
  retry(id: string): Promise<Asked>;
  retryAll(runner?: string): Promise<readonly ParkedEvent[]>;
  discard(id: string, following: boolean): Promise<Asked>;
}
