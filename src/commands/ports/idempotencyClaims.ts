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

/** Remembers for a day which body came with which key, where the stream that a request leads to is not named by the key. */
export interface IdempotencyClaims {
  /**
   * Claims the key for the body, atomically: the first claim within 24 h wins.
   * @returns `claimed`; `same` when it is claimed already for that body; `other` when it is claimed for another one
   * @throws DatabaseUnavailable
   */
  claim(claim: IdempotencyClaim): Promise<'claimed' | 'same' | 'other'>;
}
