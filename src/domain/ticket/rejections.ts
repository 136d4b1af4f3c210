import type { TicketItemId } from '../kernel/ids.js';
import type { IllegalTransition, NotFound } from '../kernel/rejections.js';

/** Handing over must wait for these items. */
export interface NotReady {
  readonly _tag: 'NotReady';
  readonly openItems: readonly { readonly itemId: TicketItemId; readonly name: string }[];
}

/** A ticket without a single item would be ready before anybody cooked. */
export interface EmptyTicket {
  readonly _tag: 'EmptyTicket';
}

/** Why a kitchen ticket refuses a command. */
export type TicketRejection = NotFound | IllegalTransition | NotReady | EmptyTicket;
