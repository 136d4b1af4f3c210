/** One use of an Idempotency-Key. */
export interface IdempotencyClaim {
  readonly principal: string;
  /** Scope of the key, such as `POST /v1/orders`. */
  readonly route: string;
  /** The key itself is not stored. */
  readonly keyHash: string;
  /** Hash of the canonical body that came with it. */
  readonly bodyHash: string;
}

/**
 * Remembers for a day which body came with which key, where the stream that a request leads to is not named by the key.
 *
 * Every request with the key counts as one use of it, until it is refused. A key without a use left is free for any body:
 * nothing was ever done under it. A request whose end nobody knows (a process that was killed, a system fault) stays counted.
 */
export interface IdempotencyClaims {
  /**
   * Claims the key for the body, atomically: the first claim within 24 h wins, and is one use of it.
   * @returns `claimed`; `same` when it is claimed already for that body, which is another use; `other` when it is claimed
   * for another body, which is none
   * @throws DatabaseUnavailable
   */
  claim(claim: IdempotencyClaim): Promise<'claimed' | 'same' | 'other'>;
  /**
   * A request that was `claimed` or the `same` was refused and has written nothing: its use is taken back.
   * @returns `free` when that was the last one; `held` when the key still belongs to the body
   * @throws DatabaseUnavailable
   */
  release(claim: IdempotencyClaim): Promise<'free' | 'held'>;
}
