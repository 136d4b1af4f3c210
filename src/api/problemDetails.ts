import { type NotFound, notFound } from '../domain/kernel/rejections.js';
import type { Problem } from './problems/problem.js';
import type { Problems, Refusal } from './problems/refusal.js';
import { changingProblems } from './problems/refusals/changing.js';
import { fulfillingProblems } from './problems/refusals/fulfilling.js';
import { generalProblems } from './problems/refusals/general.js';
import { internalProblems } from './problems/refusals/internal.js';
import { keepingProblems } from './problems/refusals/keeping.js';
import { payingProblems } from './problems/refusals/paying.js';
import { placingProblems } from './problems/refusals/placing.js';
import { whenAndWhereProblems } from './problems/refusals/whenAndWhere.js';

export type { Refusal } from './problems/refusal.js';

/** The one table from refusals to problems (RFC 9457): what is not in it does not compile. */
const PROBLEMS: Problems = {
  ...generalProblems,
  ...placingProblems,
  ...whenAndWhereProblems,
  ...changingProblems,
  ...payingProblems,
  ...fulfillingProblems,
  ...keepingProblems,
  ...internalProblems,
};

/** What a client is told of a refusal. */
export const problemOf = (refusal: Refusal): Problem =>
  // each entry takes the refusals of its own tag
  (PROBLEMS[refusal._tag] as (refusal: Refusal) => Problem)(refusal);

/**
 * The same for a command on a thing that its path names: whether that exists comes before what If-Match says of it
 * (RFC 9110, 13.2.1).
 */
export function problemOfCommand(refusal: Refusal, thing: Required<Pick<NotFound, 'what' | 'id'>>): Problem {
  const missing =
    (refusal._tag === 'NotFound' && refusal.what === thing.what) ||
    (refusal._tag === 'RevisionMismatch' && refusal.current < 0);
  return problemOf(missing ? notFound(thing.what, thing.id) : refusal);
}
