import type { Sku, TicketItemId } from '../../domain/kernel/ids.js';
import { suspensionAt } from '../../domain/offer/index.js';
import type { TicketView } from '../../domain/ticket/index.js';
import type { Board, ShownTicket } from '../../projections/kitchen/queries.js';
import type { ApiDependencies } from '../dependencies.js';
import { isSystemFault } from '../http/faults.js';

type Dependencies = Pick<ApiDependencies, 'catalogue' | 'clock' | 'log'>;

/**
 * Which items of a ticket are sold out for when they are wanted and were not begun: whoever is at the stove sees it before they
 * look for what is not there. It is the catalogue's word, so a ticket may show it that has not changed. Where the catalogue cannot
 * be asked, nothing is: no ticket fails for it.
 */
export function soldOutItems({ catalogue, clock, log }: Dependencies) {
  const isSoldOut = async (sku: Sku, { locationId, promisedAt }: TicketView, now: string): Promise<boolean> => {
    try {
      const looked = catalogue.offer(sku);
      // most offers are in memory: a board should not take a turn for each
      const offer = looked instanceof Promise ? await looked : looked;
      const at = promisedAt === undefined || promisedAt < now ? now : promisedAt;
      return offer !== undefined && suspensionAt(offer, locationId, at) !== undefined;
    } catch (error) {
      if (!isSystemFault(error)) throw error;
      log.warn('whether an article is sold out cannot be read just now', { sku, error });
      return false;
    }
  };

  return async (view: TicketView): Promise<ReadonlySet<TicketItemId>> => {
    const found = new Set<TicketItemId>();
    if (view.state === 'handed_over' || view.state === 'cancelled') return found;
    const now = clock.now();
    for (const { itemId, sku, state } of view.items) {
      if (state === 'queued' && (await isSoldOut(sku, view, now))) found.add(itemId);
    }
    return found;
  };
}

/** Those who follow a board look at the same moments: what one of them found holds for all of that moment. */
const SAME_MOMENT_MS = 500;

/** A board on which a ticket is another one also whenever something of it is sold out, or to be had again. */
export function boardWithSoldOut(deps: Dependencies): (board: Board) => Promise<Board> {
  const soldOut = soldOutItems(deps);
  let last: { readonly of: Board; readonly at: number; readonly board: Promise<Board> } | undefined;

  const withVersions = async (board: Board): Promise<Board> => {
    const tickets: (readonly [TicketView['id'], ShownTicket])[] = [];
    for (const [id, shown] of board.tickets) {
      const gone = await soldOut(shown.view);
      tickets.push([id, gone.size === 0 ? shown : { ...shown, version: `${shown.version} ${[...gone].join(' ')}` }]);
    }
    return { ...board, tickets: new Map(tickets) };
  };

  return (board) => {
    const at = performance.now();
    if (last?.of !== board || at - last.at > SAME_MOMENT_MS) last = { of: board, at, board: withVersions(board) };
    return last.board;
  };
}
