import type { IdempotencyClaims } from '../../commands/ports/idempotencyClaims.js';
import type { Queryable } from '../../subscriptions/ports/database.js';

/** Claims of Idempotency-Keys in the table `idempotency`: one statement each, so that two at once cannot both win. */
export const postgresIdempotencyClaims = (database: Queryable): IdempotencyClaims => ({
  claim: async ({ principal, route, keyHash, bodyHash }) => {
    // an unchanged row is not returned by a conditional upsert, so the update always happens; a free row is as good as none
    const { rows } = await database.query<{ body_hash: string; uses: number }>(
      `INSERT INTO idempotency AS claimed (principal, route, key_hash, body_hash, expires_at, uses)
       VALUES ($1, $2, $3, $4, now() + interval '24 hours', 1)
       ON CONFLICT (principal, route, key_hash) DO UPDATE SET
         (body_hash, expires_at, uses) = (SELECT
           CASE WHEN is_free THEN excluded.body_hash ELSE claimed.body_hash END,
           CASE WHEN is_free THEN excluded.expires_at ELSE claimed.expires_at END,
           CASE WHEN is_free THEN 1
                WHEN claimed.body_hash = excluded.body_hash THEN claimed.uses + 1
                ELSE claimed.uses END
           FROM (SELECT claimed.expires_at <= now() OR claimed.uses = 0 AS is_free) AS found)
       RETURNING body_hash, uses`,
      [principal, route, keyHash, bodyHash],
    );
    const row = rows[0];
    if (row === undefined) throw new Error('the claim returned no row');
    if (row.body_hash !== bodyHash) return 'other';
    return row.uses === 1 ? 'claimed' : 'same';
  },
  release: async ({ principal, route, keyHash, bodyHash }) => {
    const { rows } = await database.query<{ uses: number }>(
      `UPDATE idempotency SET uses = greatest(0, uses - 1)
        WHERE principal = $1 AND route = $2 AND key_hash = $3 AND body_hash = $4 RETURNING uses`,
      [principal, route, keyHash, bodyHash],
    );
    return rows[0] === undefined || rows[0].uses > 0 ? 'held' : 'free';
  },
});
