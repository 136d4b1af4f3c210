import { createHmac } from 'node:crypto';
import { sha256 } from '../../commands/order/requestIdentity.js';
import type { IdempotencyClaims } from '../../commands/ports/idempotencyClaims.js';
import { canonicalJson } from '../../domain/kernel/canonicalJson.js';
import type { Principal } from '../principal.js';
import { type Problem, problem } from '../problems/problem.js';
import type { Incoming, Route } from './route.js';

export interface RepeatDependencies {
  readonly claims: IdempotencyClaims;
  readonly secret: string | Buffer;
  readonly principal: Principal;
}

/**
 * Why an Idempotency-Key cannot be this request's: for a day it belongs to the body that came with it first. What it names is
 * made once, so another body under it would be answered as if it had been done. Of what a body says a hash is kept that takes
 * the secret. Undefined: the key is the request's, or it has none.
 * @throws DatabaseUnavailable
 */
export async function whyNotItsKey(
  route: Route,
  { idempotencyKey, body, url }: Pick<Incoming<unknown, unknown, unknown>, 'idempotencyKey' | 'body' | 'url'>,
  { claims, secret, principal }: RepeatDependencies,
): Promise<Problem | undefined> {
  if (idempotencyKey === undefined || route.body === undefined || route.remembersKeys === true) return undefined;
  const claimed = await claims.claim({
    principal: principal.id,
    // the path is as long as its sender likes
    route: `${route.method.toUpperCase()} ${route.path} ${sha256(url)}`,
    keyHash: sha256(canonicalJson([principal.id, idempotencyKey])),
    bodyHash: createHmac('sha256', secret).update(canonicalJson(body)).digest('base64url'),
  });
  return claimed === 'other'
    ? problem('idempotency-key-reused', 'this Idempotency-Key came with another body: use a new one')
    : undefined;
}
