import * as E from 'fp-ts/lib/Either.js';
import { isId } from '../../domain/kernel/ids.js';
import { ticketStream } from '../../domain/kernel/streams.js';
import { representTicket, ticket } from '../../domain/ticket/index.js';
import type { TicketListKey } from '../../projections/kitchen/queries.js';
import type { ApiDependencies } from '../dependencies.js';
import { cursors } from '../http/cursor.js';
import { pageAnswer } from '../http/pages.js';
import { type Route, route } from '../http/route.js';
import { ticketId } from '../schema/ids.js';
import { ticketAnswer, ticketState } from '../schema/ticket.js';
import { page } from '../schema/page.js';
import { text } from '../schema/primitives.js';
import { decimalText } from '../schema/query.js';
import { ticketCommandRoutes } from './ticketCommands.js';
import { ticketShowing } from './ticketShown.js';

const TAG = 'Kitchen';
const BOARD_LIMIT = 200;

export function ticketRoutes(deps: ApiDependencies): readonly Route[] {
  const { executor, clock } = deps;
  const { ticketBody, shownTicket } = ticketShowing(deps);
  const places = cursors(deps.secret, 'tickets', isPlace, () => Date.parse(clock.now()));
  return [
    route({
      method: 'get',
      path: '/v1/kitchen/tickets',
      operationId: 'listTickets',
      tag: TAG,
      summary: 'The board: what is urgent first, then the oldest',
      description:
        'Without a state it shows whatever the kitchen still has to look at: what is not handed over yet, and also after that what ' +
        'was called off after it was begun, until that has been seen.',
      params: {},
      query: {
        state: { schema: ticketState, repeatable: true },
        station: { schema: text(40) },
        limit: { schema: decimalText(1, BOARD_LIMIT) },
        cursor: { schema: text(2000) },
      },
      headers: [],
      answers: { 200: { description: 'Tickets', schema: page('TicketPage', ticketAnswer) } },
      problems: ['invalid-cursor'],
      handle: async ({ query: { state, station, limit = BOARD_LIMIT, cursor }, url }) => {
        const filter = { state: state ?? null, station: station ?? null };
        const after = cursor === undefined ? E.right(undefined) : places.read(cursor, filter);
        if (E.isLeft(after)) return after;
        const { items, next, asOf, lagMs } = await deps.kitchen.ticketsPage({
          limit,
          ...(state === undefined ? {} : { state }),
          ...(station === undefined ? {} : { station }),
          ...(after.right === undefined ? {} : { cursor: after.right }),
        });
        return E.right(
          pageAnswer(
            url,
            { items: await Promise.all(items.map((item) => ticketBody(item))), asOf, lagMs },
            next && places.write(next, filter),
          ),
        );
      },
    }),
    route({
      method: 'get',
      path: '/v1/kitchen/tickets/{id}',
      operationId: 'getTicket',
      tag: TAG,
      summary: 'One ticket',
      params: { id: ticketId },
      query: {},
      headers: ['If-None-Match'],
      answers: {
        200: { description: 'The ticket as it is now', schema: ticketAnswer, headers: ['ETag'] },
        304: { description: 'Unchanged' },
      },
      problems: [],
      handle: async ({ params: { id } }) => {
        const { state, revision } = await executor.load(ticket, ticketStream(id), { fresh: true });
        return await shownTicket(id, representTicket(state, revision));
      },
    }),
    ...ticketCommandRoutes(deps),
  ];
}

function isPlace(value: unknown): value is TicketListKey {
  if (typeof value !== 'object' || value === null) return false;
  const { openedAt, id, rush } = value as Partial<Record<string, unknown>>;
  return typeof openedAt === 'string' && typeof rush === 'boolean' && isId('ticket', id);
}
