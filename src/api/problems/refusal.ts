import type { ExecutorRejection } from '../../commands/executor/contract.js';
import type { PlaceOrderRejection } from '../../commands/order/placeOrderRejection.js';
import type { DecidedByItsOrder, MoneyUndecided, NothingToDecide } from '../../commands/payment/decideMismatch.js';
import type { Rejection } from '../../domain/rejections.js';
import type { Problem } from './problem.js';

/** Every way in which the domain, a use case or the executor can say no. A use case knows the places of what is not on sale. */
export type Refusal =
  | Exclude<Rejection, { readonly _tag: 'OfferUnavailable' }>
  | PlaceOrderRejection
  | DecidedByItsOrder
  | NothingToDecide
  | MoneyUndecided
  | ExecutorRejection;
export type RefusalOf<Tag extends Refusal['_tag']> = Extract<Refusal, { readonly _tag: Tag }>;

/** What a client is told of every refusal. */
export type Problems = { readonly [Tag in Refusal['_tag']]: (refusal: RefusalOf<Tag>) => Problem };
/** The same for the refusals of one topic. */
export type ProblemsOf = Partial<Problems>;
