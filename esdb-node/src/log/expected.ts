/** What an append expects of its stream: a revision from 0, or one of the names below. */
export type Expected = bigint;

export const NO_STREAM: Expected = -1n;
export const ANY: Expected = -2n;
export const STREAM_EXISTS: Expected = -4n;

/** How an append, a delete or a tombstone ended. */
export type WriteOutcome =
  | {
      readonly kind: 'written';
      /** Of the last event; −1 when the append held none. */
      readonly revision: number;
      /** Of the last event; undefined when the append held none. */
      readonly position: number | undefined;
    }
  /** `actual` is −1 when the stream does not exist. */
  | { readonly kind: 'wrongExpectedVersion'; readonly actual: number }
  | { readonly kind: 'deleted' };

/** An event that somebody wants to append. */
export interface ProposedEvent {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly customMetadata: Uint8Array;
}
