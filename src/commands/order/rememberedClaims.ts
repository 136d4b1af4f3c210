import { LRUCache } from 'lru-cache';
import type { IdempotencyClaim, IdempotencyClaims } from '../ports/idempotencyClaims.js';

/** As long as a claim holds. */
const LIFETIME_MS = 24 * 60 * 60_000;
const MOST_KEYS = 100_000;

/** Claims, and which of them this process knows of without asking anybody. */
export interface RememberedClaims extends IdempotencyClaims {
  /**
   * Whether the key was claimed by way of this process, within a day and the last hundred thousand. A "no" proves
   * nothing: another process may have claimed it, or this one before its last start.
   */
  readonly remembers: (key: Pick<IdempotencyClaim, 'principal' | 'route' | 'keyHash'>) => boolean;
}

/**
 * For requests that may look nowhere before they append: an order without a merchant's number is named by its key and
 * claims nothing, yet the key may have come with a number before.
 */
export function rememberClaims(claims: IdempotencyClaims): RememberedClaims {
  const known = new LRUCache<string, true>({ max: MOST_KEYS, ttl: LIFETIME_MS });
  const nameOf = ({ principal, route, keyHash }: Pick<IdempotencyClaim, 'principal' | 'route' | 'keyHash'>): string =>
    JSON.stringify([principal, route, keyHash]);
  return {
    claim: async (claim) => {
      const outcome = await claims.claim(claim);
      known.set(nameOf(claim), true);
      return outcome;
    },
    release: async (claim) => {
      const outcome = await claims.release(claim);
      if (outcome === 'free') known.delete(nameOf(claim));
      return outcome;
    },
    remembers: (key) => known.has(nameOf(key)),
  };
}
