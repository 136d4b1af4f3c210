import * as E from 'fp-ts/lib/Either.js';
import type { OfferOutcome } from '../../commands/offer/publishOffer.js';
import { resumeOffer, suspendOffer } from '../../commands/offer/suspendOffer.js';
import type { Sku } from '../../domain/kernel/ids.js';
import type { NotFound } from '../../domain/kernel/rejections.js';
import { representOffer } from '../../domain/offer/index.js';
import type { ApiDependencies } from '../dependencies.js';
import { type Outcome, type Route, route } from '../http/route.js';
import { resource, withoutBody } from '../http/singles.js';
import { problemOf, problemOfCommand } from '../problemDetails.js';
import { problem } from '../problems/problem.js';
import { invalidField } from '../problems/validation.js';
import { locationId, sku } from '../schema/ids.js';
import { offerAnswer } from '../schema/offer.js';
import { boolean, dateTime, text } from '../schema/primitives.js';
import { described } from '../schema/schema.js';
import { object } from '../schema/structures.js';

const PATH = '/v1/offers/{sku}/suspension';
const TAG = 'Offers';
const query = { locationId: { schema: described(locationId, 'Only there; absent: everywhere') } };
const answers = { 200: { description: 'The offer as it is now', schema: offerAnswer, headers: ['ETag'] } };

/** Selling out and selling again. */
export const suspensionRoutes = (deps: ApiDependencies): readonly Route[] => [
  route({
    method: 'put',
    path: PATH,
    operationId: 'suspendOffer',
    tag: TAG,
    summary: 'Sold out: at one location or everywhere, for today, until a time, or until it is resumed',
    description:
      'Orders that were placed and not paid are held (`shortage`) until somebody has decided on them; what was paid keeps it, ' +
      'and the ticket shows that it is sold out. `today` ends with the business day of the location.',
    params: { sku },
    query,
    headers: ['If-Match', 'Prefer'],
    body: { schema: object({ reason: text(500) }, { until: dateTime, today: boolean }) },
    answers,
    problems: ['illegal-transition', 'revision-mismatch'],
    handle: async ({ params, query: { locationId: place }, body, ifMatch, commandContext }) => {
      const { today = false, until } = body;
      if (today && (place === undefined || until !== undefined)) {
        return E.left(invalidField('/today', 'one-of', 'today takes the query parameter locationId, and no until'));
      }
      const context = { ...commandContext(), ...(ifMatch === undefined ? {} : { ifMatch }) };
      return shownOffer(params.sku, await suspendOffer(deps, params.sku, place, body, context));
    },
  }),
  route({
    method: 'delete',
    path: PATH,
    operationId: 'resumeOffer',
    tag: TAG,
    summary: 'It is to be had again',
    params: { sku },
    query,
    headers: ['If-Match'],
    answers: { 204: { description: 'It can be ordered again, unless it is suspended elsewhere', headers: ['ETag'] } },
    problems: ['illegal-transition', 'revision-mismatch', 'precondition-required'],
    handle: async ({ params, query: { locationId: place }, ifMatch, commandContext }) => {
      if (ifMatch === undefined) return E.left(problem('precondition-required', 'send If-Match, or *'));
      const resumed = await resumeOffer(deps.executor, params.sku, place, { ...commandContext(), ifMatch });
      return withoutBody(shownOffer(params.sku, resumed));
    },
  }),
];

/** The offer after a command on it, or why that was refused. */
export function shownOffer(id: Sku, outcome: OfferOutcome | E.Either<NotFound, never>): Outcome {
  if (E.isLeft(outcome)) {
    const refusal = outcome.left;
    const elsewhere = refusal._tag === 'NotFound' && refusal.what !== 'offer';
    return E.left(elsewhere ? problemOf(refusal) : problemOfCommand(refusal, { what: 'offer', id }));
  }
  const view = representOffer(outcome.right.state, outcome.right.revision);
  return view ? E.right(resource(view)) : E.left(problem('not-found', `there is no offer ${id}`));
}
