import * as E from 'fp-ts/lib/Either.js';
import type { CommandContext } from '../../commands/executor/contract.js';
import { askTicket } from '../../commands/ticket/askTicket.js';
import { handOver } from '../../commands/ticket/handOver.js';
import { promiseTicket } from '../../commands/ticket/promiseTicket.js';
import type { TicketItemId } from '../../domain/kernel/ids.js';
import type { TicketCommand } from '../../domain/ticket/commands.js';
import type { ApiDependencies } from '../dependencies.js';
import { type AnswerDescription, type Route, route } from '../http/route.js';
import type { ProblemSlug } from '../problems/types.js';
import { invalidField } from '../problems/validation.js';
import { ticketId, ticketItemId } from '../schema/ids.js';
import { ticketAnswer } from '../schema/ticket.js';
import { boolean, dateTime, oneOf, text } from '../schema/primitives.js';
import { described } from '../schema/schema.js';
import { object } from '../schema/structures.js';
import { ticketShowing } from './ticketShown.js';

const TAG = 'Kitchen';
const answers: Readonly<Record<number, AnswerDescription>> = {
  200: { description: 'The ticket as it is now', schema: ticketAnswer, headers: ['ETag'] },
};
const headers = ['If-Match', 'Prefer'] as const;
const touch = object(
  {},
  { station: described(text(40), 'Where it is touched; absent: by the expediter, who may touch everything', 'oven') },
);
const empty = object({});

type Touch = { readonly station?: string };
type ItemVerb = 'start' | 'done' | 'recall';

/** What the kitchen and the staff do with tickets. */
export function ticketCommandRoutes(deps: ApiDependencies): readonly Route[] {
  const { executor } = deps;
  const { ticketOutcome } = ticketShowing(deps);

  const ofItem = (
    verb: ItemVerb,
    operationId: string,
    summary: string,
    type: 'StartItem' | 'FinishItem' | 'RecallItem',
  ) =>
    route({
      method: 'post',
      path: `/v1/kitchen/tickets/{id}/items/{itemId}/${verb}`,
      operationId,
      tag: TAG,
      summary,
      params: { id: ticketId, itemId: ticketItemId },
      query: {},
      headers,
      body: { schema: touch, optional: true },
      answers,
      problems: ['illegal-transition', 'item-voided', 'wrong-station', 'revision-mismatch'],
      handle: async ({ params: { id, itemId }, body, commandContext, ifMatch }) => {
        const context = withMatch(commandContext(), ifMatch);
        return await ticketOutcome(
          id,
          await askTicket(executor, id, itemCommand(type, itemId, body, context), context),
        );
      },
    });

  const ofTicket = (
    verb: string,
    operationId: string,
    summary: string,
    make: (touched: Touch, by: CommandContext) => TicketCommand,
  ) =>
    route({
      method: 'post',
      path: `/v1/kitchen/tickets/{id}/${verb}`,
      operationId,
      tag: TAG,
      summary,
      params: { id: ticketId },
      query: {},
      headers,
      body: { schema: touch, optional: true },
      answers,
      problems: ['illegal-transition', 'revision-mismatch'] satisfies readonly ProblemSlug[],
      handle: async ({ params: { id }, body, commandContext, ifMatch }) => {
        const context = withMatch(commandContext(), ifMatch);
        return await ticketOutcome(id, await askTicket(executor, id, make(body, context), context));
      },
    });

  return [
    ofItem('start', 'startItem', 'Somebody begins to make an item', 'StartItem'),
    ofItem('done', 'finishItem', 'An item is done', 'FinishItem'),
    ofItem('recall', 'recallItem', 'An item that was done goes back to its cook', 'RecallItem'),
    route({
      method: 'post',
      path: '/v1/kitchen/tickets/{id}/items/{itemId}/void-ack',
      operationId: 'acknowledgeVoid',
      tag: TAG,
      summary: 'The kitchen has seen that something it had begun is not wanted any more',
      params: { id: ticketId, itemId: ticketItemId },
      query: {},
      headers,
      body: { schema: empty, optional: true },
      answers,
      problems: ['illegal-transition', 'revision-mismatch'],
      handle: async ({ params: { id, itemId }, commandContext, ifMatch }) => {
        const context = withMatch(commandContext(), ifMatch);
        const command: TicketCommand = { type: 'AcknowledgeVoid', itemId, by: context.actor.id };
        return await ticketOutcome(id, await askTicket(executor, id, command, context));
      },
    }),
    ofTicket(
      'bump',
      'bumpTicket',
      'The whole ticket, or one station’s part, is done at one touch',
      (body, context) => ({
        type: 'BumpTicket',
        by: context.actor.id,
        at: context.at,
        ...body,
      }),
    ),
    ofTicket('recall', 'recallTicket', 'What was done goes back to the cooks', (body, context) => ({
      type: 'RecallTicket',
      by: context.actor.id,
      ...body,
    })),
    route({
      method: 'post',
      path: '/v1/kitchen/tickets/{id}/fire',
      operationId: 'fireTicket',
      tag: TAG,
      summary: 'Bring a scheduled ticket to the cooks before its time',
      params: { id: ticketId },
      query: {},
      headers,
      body: { schema: empty, optional: true },
      answers,
      problems: ['illegal-transition', 'revision-mismatch'],
      handle: async ({ params: { id }, commandContext, ifMatch }) => {
        const context = withMatch(commandContext(), ifMatch);
        const command: TicketCommand = { type: 'FireTicket', by: context.actor.id, at: context.at };
        return await ticketOutcome(id, await askTicket(executor, id, command, context));
      },
    }),
    route({
      method: 'post',
      path: '/v1/kitchen/tickets/{id}/rush',
      operationId: 'rushTicket',
      tag: TAG,
      summary: 'Put a ticket before the others, or back among them',
      params: { id: ticketId },
      query: {},
      headers,
      body: { schema: object({}, { rush: described(boolean, 'Absent: true') }), optional: true },
      answers,
      problems: ['illegal-transition', 'revision-mismatch'],
      handle: async ({ params: { id }, body: { rush = true }, commandContext, ifMatch }) => {
        const context = withMatch(commandContext(), ifMatch);
        const command: TicketCommand = { type: 'SetRush', rush, by: context.actor.id };
        return await ticketOutcome(id, await askTicket(executor, id, command, context));
      },
    }),
    route({
      method: 'put',
      path: '/v1/kitchen/tickets/{id}/promise',
      operationId: 'promiseTicket',
      tag: TAG,
      summary: 'Promise another time',
      description:
        'A ticket that waits to be fired is fired accordingly, at once if the new time presses. Its order is promised for then.',
      params: { id: ticketId },
      query: {},
      headers,
      body: { schema: object({ promisedAt: dateTime }) },
      answers,
      problems: ['illegal-transition', 'revision-mismatch'],
      handle: async ({ params: { id }, body: { promisedAt }, commandContext, ifMatch }) => {
        const context = withMatch(commandContext(), ifMatch);
        if (Date.parse(promisedAt) <= Date.parse(context.at)) {
          return E.left(invalidField('/promisedAt', 'in-the-past', 'that time is over'));
        }
        return await ticketOutcome(id, await promiseTicket(executor, id, promisedAt, context));
      },
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
      problems: ['not-ready', 'illegal-transition', 'revision-mismatch'],
      handle: async ({ params: { id }, body, commandContext, ifMatch }) =>
        await ticketOutcome(id, await handOver(executor, id, body, withMatch(commandContext(), ifMatch))),
    }),
  ];
}

function itemCommand(
  type: 'StartItem' | 'FinishItem' | 'RecallItem',
  itemId: TicketItemId,
  touched: Touch,
  { actor, at }: CommandContext,
): TicketCommand {
  const command = { itemId, by: actor.id, ...touched };
  return type === 'FinishItem' ? { type, at, ...command } : { type, ...command };
}

const withMatch = <Match>(context: CommandContext, ifMatch: Match | undefined) =>
  ifMatch === undefined ? context : { ...context, ifMatch };
