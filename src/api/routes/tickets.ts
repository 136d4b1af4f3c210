import * as E from 'fp-ts/lib/Either.js';
import { bumpTicket } from '../../commands/ticket/bumpTicket.js';
import { finishItem } from '../../commands/ticket/finishItem.js';
import { handOver } from '../../commands/ticket/handOver.js';
import { startItem, type TicketOutcome } from '../../commands/ticket/startItem.js';
import { isId, type TicketId } from '../../domain/kernel/ids.js';
import { representTicket, type TicketView } from '../../domain/ticket/index.js';
import type { TicketListKey } from '../../projections/kitchen/queries.js';
import type { ApiDependencies } from '../dependencies.js';
import { cursors } from '../http/cursor.js';
import { pageAnswer } from '../http/pages.js';
import { type AnswerDescription, type Outcome, type Route, route } from '../http/route.js';
import { missing, resource } from '../http/singles.js';
import { problemOfCommand } from '../problemDetails.js';
import { ticketAnswer, ticketId, ticketItemId, ticketState } from '../schema/domain.js';
import { page } from '../schema/page.js';
import { oneOf, text } from '../schema/primitives.js';
import { decimalText } from '../schema/query.js';
import { object } from '../schema/structures.js';

const TAG = 'Kitchen';
const BOARD_LIMIT = 200;
const empty = object({});
const answers: Readonly<Record<number, AnswerDescription>> = {
  200: { description: 'The ticket as it is now', schema: ticketAnswer, headers: ['ETag'] },
};
const headers = ['If-Match', 'Prefer'] as const;

export function ticketRoutes(deps: ApiDependencies): readonly Route[] {
  const { executor, clock } = deps;
  const places = cursors(deps.secret, 'tickets', isPlace, () => Date.parse(clock.now()));
  return [
    route({
      method: 'get',
      path: '/v1/kitchen/tickets',
      operationId: 'listTickets',
      tag: TAG,
      summary: 'The board, oldest ticket first',
      description: 'Without a state it shows whatever is not handed over yet.',
      params: {},
      query: {
        state: { schema: ticketState, repeatable: true },
        limit: { schema: decimalText(1, BOARD_LIMIT) },
        cursor: { schema: text(2000) },
      },
      headers: [],
      answers: { 200: { description: 'Tickets', schema: page('TicketPage', ticketAnswer) } },
      problems: ['invalid-cursor'],
      handle: async ({ query: { state, limit = BOARD_LIMIT, cursor }, url }) => {
        const filter = state ?? null;
        const after = cursor === undefined ? E.right(undefined) : places.read(cursor, filter);
        if (E.isLeft(after)) return after;
        const { items, next, asOf, lagMs } = await deps.kitchen.ticketsPage({
          limit,
          ...(state === undefined ? {} : { state }),
          ...(after.right === undefined ? {} : { cursor: after.right }),
        });
        return E.right(
          pageAnswer(url, { items: items.map(ticketBody), asOf, lagMs }, next && places.write(next, filter)),
        );
      },
    }),
    route({
      method: 'post',
      path: '/v1/kitchen/tickets/{id}/items/{itemId}/start',
      operationId: 'startItem',
      tag: TAG,
      summary: 'Somebody begins to make an item',
      params: { id: ticketId, itemId: ticketItemId },
      query: {},
      headers,
      body: { schema: empty, optional: true },
      answers,
      problems: ['illegal-transition', 'revision-mismatch'],
      handle: async ({ params: { id, itemId }, commandContext, ifMatch }) =>
        answer(id, await startItem(executor, id, itemId, withMatch(commandContext(), ifMatch))),
    }),
    route({
      method: 'post',
      path: '/v1/kitchen/tickets/{id}/items/{itemId}/done',
      operationId: 'finishItem',
      tag: TAG,
      summary: 'An item is done',
      params: { id: ticketId, itemId: ticketItemId },
      query: {},
      headers,
      body: { schema: empty, optional: true },
      answers,
      problems: ['illegal-transition', 'revision-mismatch'],
      handle: async ({ params: { id, itemId }, commandContext, ifMatch }) =>
        answer(id, await finishItem(executor, id, itemId, withMatch(commandContext(), ifMatch))),
    }),
    route({
      method: 'post',
      path: '/v1/kitchen/tickets/{id}/bump',
      operationId: 'bumpTicket',
      tag: TAG,
      summary: 'The whole ticket is done, at one touch',
      params: { id: ticketId },
      query: {},
      headers,
      body: { schema: empty, optional: true },
      answers,
      problems: ['revision-mismatch'],
      handle: async ({ params: { id }, commandContext, ifMatch }) =>
        answer(id, await bumpTicket(executor, id, withMatch(commandContext(), ifMatch))),
    }),
    route({
      method: 'post',
      path: '/v1/kitchen/tickets/{id}/hand-over',
      operationId: 'handOverTicket',
      tag: TAG,
      summary: 'Hand over what is ready',
      params: { id: ticketId },
      query: {},
      headers,
      body: {
        schema: object({}, { to: oneOf('customer', 'courier', 'table'), code: text(40) }),
        optional: true,
      },
      answers,
      problems: ['not-ready', 'revision-mismatch'],
      handle: async ({ params: { id }, body, commandContext, ifMatch }) =>
        answer(id, await handOver(executor, id, body, withMatch(commandContext(), ifMatch))),
    }),
  ];
}

const withMatch = <Context extends object, Match>(context: Context, ifMatch: Match | undefined) =>
  ifMatch === undefined ? context : { ...context, ifMatch };

function answer(id: TicketId, outcome: TicketOutcome): Outcome {
  if (E.isLeft(outcome)) return E.left(problemOfCommand(outcome.left, { what: 'ticket', id }));
  const view = representTicket(outcome.right.state, outcome.right.revision);
  if (!view) return E.left(missing('ticket', `ticket ${id}`));
  return E.right(resource(view, { body: ticketBody(view) }));
}

/** Over HTTP how many there are is called `quantity`, for orders and tickets alike. */
const ticketBody = ({ items, ...rest }: TicketView) => ({
  ...rest,
  items: items.map(({ qty, ...item }) => ({ ...item, quantity: qty })),
});

function isPlace(value: unknown): value is TicketListKey {
  if (typeof value !== 'object' || value === null) return false;
  const { openedAt, id } = value as Partial<Record<string, unknown>>;
  return typeof openedAt === 'string' && isId('ticket', id);
}
