import type { TicketItemId } from '../kernel/ids.js';
import type { IllegalTransition, InvalidQuantity, NotFound } from '../kernel/rejections.js';

type NamedItem = { readonly itemId: TicketItemId; readonly name: string };

/** Handing over must wait for these items. */
export interface NotReady {
  readonly _tag: 'NotReady';
  readonly openItems: readonly NamedItem[];
}

/** A ticket without a single item would be ready before anybody cooked. */
export interface EmptyTicket {
  readonly _tag: 'EmptyTicket';
}

/** The item is not wanted any more. */
export interface ItemIsVoided extends NamedItem {
  readonly _tag: 'ItemIsVoided';
}

/** The item belongs to another station; only the expediter touches the items of all. */
export interface WrongStation extends NamedItem {
  readonly _tag: 'WrongStation';
  readonly station: string;
}

/** Too late to stop without staff: these items are being made or done. */
export interface AlreadyStarted {
  readonly _tag: 'AlreadyStarted';
  readonly items: readonly NamedItem[];
}

/** Why a kitchen ticket refuses a command. */
export type TicketRejection =
  | NotFound
  | IllegalTransition
  | InvalidQuantity
  | NotReady
  | EmptyTicket
  | ItemIsVoided
  | WrongStation
  | AlreadyStarted;
