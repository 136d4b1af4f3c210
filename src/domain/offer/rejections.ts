import type {
  AlreadyExists,
  CurrencyMismatch,
  IllegalTransition,
  InvalidAmount,
  NotFound,
  ReasonRequired,
} from '../kernel/rejections.js';

/** A group of choices that nobody could choose from: fewer choices than are wanted, or one name for two things. */
export interface InvalidOption {
  readonly _tag: 'InvalidOption';
  readonly option: string;
}

/** Why an offer refuses a command. */
export type OfferRejection =
  NotFound | AlreadyExists | IllegalTransition | InvalidAmount | InvalidOption | CurrencyMismatch | ReasonRequired;
