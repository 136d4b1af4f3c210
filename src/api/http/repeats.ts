import { createHmac } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { sha256 } from '../../commands/order/requestIdentity.js';
import type { IdempotencyClaim, IdempotencyClaims } from '../../commands/ports/idempotencyClaims.js';
import { canonicalJson } from '../../domain/kernel/canonicalJson.js';
import type { ApiLog } from '../ports/log.js';
import type { Principal } from '../principal.js';
import { problem } from '../problems/problem.js';
import { isSystemFault } from './faults.js';
import type { Answer, Incoming, Outcome, Route } from './route.js';

export interface RepeatDependencies {
  readonly claims: IdempotencyClaims;
  readonly secret: string | Buffer;
  readonly principal: Principal;
  readonly log: ApiLog;
}

type Keyed = Incoming<never, never, unknown>;

/**
 * Lets a route handle a request whose Idempotency-Key, if it has one, is its own. For a day a key belongs to the body that came
 * with it first: what it names is made once, so another body under it would be answered as if it had been done. A request
 * that is refused, and has written nothing, leaves its key free: whoever corrects it may send it under the same one. That is said
 * after the refusal, so that of a request that is cut off in between nobody thinks that it did nothing.
 *
 * An answer that rests on what the same request did before says so: `Idempotent-Replayed: true`.
 * @throws DatabaseUnavailable; whatever `handle` throws, and the key stays taken, since nobody knows what was done
 */
export async function underItsKey(
  route: Route,
  incoming: Keyed,
  deps: RepeatDependencies,
  handle: (incoming: Keyed) => Promise<Outcome> | Outcome,
): Promise<Outcome> {
  const claim = claimOf(route, incoming, deps);
  const claimed = claim && (await deps.claims.claim(claim));
  if (claimed === 'other') {
    return E.left(problem('idempotency-key-reused', 'this Idempotency-Key came with another body: use a new one'));
  }
  const outcome = await handle(claimed === 'same' ? again(incoming) : incoming);
  if (E.isRight(outcome)) {
    return E.right(incoming.idempotencyKey === undefined ? outcome.right : marked(outcome.right, claimed === 'same'));
  }
  if (claim && outcome.left.onRecord !== true) await leaveFree(claim, deps);
  return outcome;
}

/** The request as one that came before: its If-Match was about the first time. */
const again = (incoming: Keyed): Keyed => ({
  ...incoming,
  commandContext: () => ({ ...incoming.commandContext(), cameBefore: true }),
});

/** Undefined: the request has no key, or its route knows by itself what came with which. Of the body a hash is kept that takes the secret. */
function claimOf(
  route: Route,
  { idempotencyKey, body, url }: Keyed,
  { secret, principal }: RepeatDependencies,
): IdempotencyClaim | undefined {
  if (idempotencyKey === undefined || route.body === undefined || route.remembersKeys === true) return undefined;
  return {
    principal: principal.id,
    // the path is as long as its sender likes
    route: `${route.method.toUpperCase()} ${route.path} ${sha256(url)}`,
    keyHash: sha256(canonicalJson([principal.id, idempotencyKey])),
    bodyHash: createHmac('sha256', secret).update(canonicalJson(body)).digest('base64url'),
  };
}

/** @param cameBefore the same body came with the key before, and was not refused */
function marked(answer: Answer, cameBefore: boolean): Answer {
  const { nothingNew } = answer;
  const isReplay = nothingNew === 'by-key' || (nothingNew === 'by-state' && cameBefore);
  return isReplay ? { ...answer, headers: { ...answer.headers, 'Idempotent-Replayed': 'true' } } : answer;
}

/** The refusal stands, whether or not the database can be told: it only keeps the key for a day then. */
async function leaveFree(claim: IdempotencyClaim, { claims, log }: RepeatDependencies): Promise<void> {
  try {
    await claims.release(claim);
  } catch (error) {
    if (!isSystemFault(error)) throw error;
    log.warn('the Idempotency-Key of a refused request stays taken', { error });
  }
}
