import type { Money } from './money.js';

/** The thing stands where this cannot be done; `allowed` names what can be done with it now. */
export interface IllegalTransition {
  readonly _tag: 'IllegalTransition';
  readonly status: string;
  readonly allowed: readonly string[];
}

/** There is no such thing. `id` is given where the command named one within the stream. */
export interface NotFound {
  readonly _tag: 'NotFound';
  readonly what:
    | 'order'
    | 'payment'
    | 'refund'
    | 'cancellation'
    | 'amendment'
    | 'stock'
    | 'reservation'
    | 'ticket'
    | 'ticket item'
    | 'shipment'
    | 'label'
    | 'offer'
    | 'location'
    | 'task';
  readonly id?: string;
}

/** It was made before, and not with the same content. */
export interface AlreadyExists {
  readonly _tag: 'AlreadyExists';
  readonly what: 'order' | 'payment' | 'shipment' | 'stock' | 'offer' | 'location';
  readonly id: string;
}

/** A quantity that is no whole number within its bounds. */
export interface InvalidQuantity {
  readonly _tag: 'InvalidQuantity';
  readonly quantity: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly sku?: string;
}

/** An amount of money that cannot stand there: negative, or zero where something must move. */
export interface InvalidAmount {
  readonly _tag: 'InvalidAmount';
  readonly amount: number;
  readonly currency: string;
}

/** Amounts of several currencies where there may be one. */
export interface CurrencyMismatch {
  readonly _tag: 'CurrencyMismatch';
  readonly currencies: readonly string[];
  /** What is in another one than the lines. */
  readonly of?: 'tip';
}

/** What is to be said needs a reason, and none was given. */
export interface ReasonRequired {
  readonly _tag: 'ReasonRequired';
}

/** Too late to stop or redirect: the goods have left. */
export interface AlreadyDispatched {
  readonly _tag: 'AlreadyDispatched';
  readonly status: string;
}

/** More is to go back than was paid and is not on its way back yet. */
export interface RefundExceedsCaptured {
  readonly _tag: 'RefundExceedsCaptured';
  readonly wanted: Money;
  readonly refundable: Money;
}

/** A change by hand says why. */
export interface ReasonRequired {
  readonly _tag: 'ReasonRequired';
}

export const notFound = (what: NotFound['what'], id?: string): NotFound =>
  id === undefined ? { _tag: 'NotFound', what } : { _tag: 'NotFound', what, id };
export const alreadyExists = (what: AlreadyExists['what'], id: string): AlreadyExists => ({
  _tag: 'AlreadyExists',
  what,
  id,
});
export const illegalTransition = (status: string, allowed: readonly string[]): IllegalTransition => ({
  _tag: 'IllegalTransition',
  status,
  allowed,
});
