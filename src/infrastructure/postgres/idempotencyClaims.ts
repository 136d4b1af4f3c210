import type { IdempotencyClaims } from '../../commands/ports/idempotencyClaims.js';
import type { Queryable } from '../../subscriptions/ports/database.js';

/** Claims of Idempotency-Keys in the table `idempotency`: one statement, so that two claims at once cannot both win. */
export const postgresIdempotencyClaims = (database: Queryable): IdempotencyClaims => ({
  claim: async ({ principal, route, keyHash, bodyHash }) => {
    // an unchanged row is not returned by a conditional upsert, so the update always happens and xmax tells insert from update
    const { rows } = await database.query<{ body_hash: string; inserted: boolean }>(
      `INSERT INTO idempotency AS claimed (principal, route, key_hash, body_hash, expires_at)
       VALUES ($1, $2, $3, $4, now() + interval '24 hours')
       ON CONFLICT (principal, route, key_hash) DO UPDATE SET
         body_hash  = CASE WHEN claimed.expires_at <= now() THEN excluded.body_hash ELSE claimed.body_hash END,
         expires_at = CASE WHEN claimed.expires_at <= now() THEN excluded.expires_at ELSE claimed.expires_at END
       RETURNING body_hash, xmax = 0 AS inserted`,
      [principal, route, keyHash, bodyHash],
    );
    const row = rows[0];
    if (row === undefined) throw new Error('the claim returned no row');
    if (row.inserted) return 'claimed';
    return row.body_hash === bodyHash ? 'same' : 'other';
  },
});

/** Deletes claims that are over, a thousand at a time; answers how many. */
export const forgetExpiredClaims = async (database: Queryable): Promise<number> => {
  const { rowCount } = await database.query(
    `DELETE FROM idempotency WHERE ctid IN (SELECT ctid FROM idempotency WHERE expires_at <= now() LIMIT 1000)`,
  );
  return rowCount;
};
