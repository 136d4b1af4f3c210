import type { AlreadyExists, InvalidAmount, NotFound } from '../kernel/rejections.js';

/** Why an offer refuses a command. */
export type OfferRejection = NotFound | AlreadyExists | InvalidAmount;
