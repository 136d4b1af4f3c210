import * as E from 'fp-ts/lib/Either.js';
import type { TicketOutcome } from '../../commands/ticket/askTicket.js';
import type { TicketId } from '../../domain/kernel/ids.js';
import { remaining, representTicket, type TicketView } from '../../domain/ticket/index.js';
import type { ApiDependencies } from '../dependencies.js';
import type { Outcome } from '../http/route.js';
import { missing, resource } from '../http/singles.js';
import { problemOfCommand } from '../problemDetails.js';
import { noteOpener } from './noteShown.js';
import { soldOutItems } from './soldOut.js';

export type ShowTicket = ReturnType<typeof ticketShowing>['ticketBody'];

/** How tickets are shown: with what people noted of them in clear, and what is sold out by now. */
export function ticketShowing(deps: Pick<ApiDependencies, 'personalData' | 'log' | 'catalogue' | 'clock'>) {
  const open = noteOpener(deps);
  const soldOut = soldOutItems(deps);

  /** Over HTTP how many there are is called `quantity`, for orders and tickets alike; of a ticket's item it is what is still wanted. */
  const ticketBody = async (view: TicketView) => {
    const { items, notes = [], ...rest } = view;
    const gone = await soldOut(view);
    const shownItem = async ({ qty, note, ...item }: TicketView['items'][number]) => ({
      ...item,
      quantity: remaining({ ...item, qty }),
      ...(gone.has(item.itemId) ? { soldOut: true } : {}),
      ...(note === undefined ? {} : { note: await open(note) }),
    });
    // all at once: their keys are read together
    const [opened, shown] = await Promise.all([
      Promise.all(notes.map((note) => open(note))),
      Promise.all(items.map((item) => shownItem(item))),
    ]);
    return { ...rest, ...(opened.length === 0 ? {} : { notes: opened }), items: shown };
  };

  /** A ticket as an answer, or that there is none. */
  const shownTicket = async (id: TicketId, view: TicketView | undefined): Promise<Outcome> =>
    view ? E.right(resource(view, { body: await ticketBody(view) })) : E.left(missing('ticket', `ticket ${id}`));

  return {
    ticketBody,
    shownTicket,
    /** What became of a command, as an answer. */
    ticketOutcome: async (id: TicketId, outcome: TicketOutcome): Promise<Outcome> => {
      if (E.isLeft(outcome)) return E.left(problemOfCommand(outcome.left, { what: 'ticket', id }));
      return await shownTicket(id, representTicket(outcome.right.state, outcome.right.revision));
    },
  };
}
