import * as E from 'fp-ts/lib/Either.js';
import type { ApiDependencies } from '../dependencies.js';
import { cursors } from '../http/cursor.js';
import { pageAnswer } from '../http/pages.js';
import { type Outcome, type Route, route } from '../http/route.js';
import { missing, PRIVATE } from '../http/singles.js';
import type { Asked, ParkedEvent } from '../ports/parked.js';
import { problem } from '../problems/problem.js';
import { pageWith } from '../schema/page.js';
import { anything, dateTime, integer, matching, oneOf, text } from '../schema/primitives.js';
import { decimalText } from '../schema/query.js';
import { described, named } from '../schema/schema.js';
import { list, object } from '../schema/structures.js';

const TAG = 'Administration';
const PAGE_LIMIT = 100;
const USUAL_LIMIT = 25;

/** Events that a projection, process or publisher could not handle. What is asked of them, their runner's owner does. */
export function parkedRoutes(deps: ApiDependencies): readonly Route[] {
  const { parked, clock } = deps;
  const places = cursors(deps.secret, 'parked', isPlace, () => Date.parse(clock.now()));
  return [
    route({
      method: 'get',
      path: '/v1/admin/parked',
      operationId: 'listParkedEvents',
      tag: TAG,
      summary: 'Events that a runner could not handle, and those that wait behind them',
      params: {},
      query: {
        runner: { schema: text(200) },
        limit: { schema: decimalText(1, PAGE_LIMIT) },
        cursor: { schema: text(2000) },
      },
      headers: [],
      answers: { 200: { description: 'By runner, then in the order of the log', schema: parkedPage } },
      problems: ['invalid-cursor'],
      handle: async ({ query: { runner, limit = USUAL_LIMIT, cursor }, url }) => {
        const filter = { runner: runner ?? null };
        const after = cursor === undefined ? E.right(undefined) : places.read(cursor, filter);
        if (E.isLeft(after)) return after;
        const [events, counts] = await Promise.all([
          parked.list({
            limit: limit + 1,
            ...(runner === undefined ? {} : { runner }),
            ...(after.right === undefined ? {} : { after: after.right }),
          }),
          parked.counts(),
        ]);
        const items = events.slice(0, limit);
        const last = events.length > limit ? items.at(-1) : undefined;
        const current = { items: items.map(shown), asOf: clock.now(), lagMs: 0 };
        return E.right(pageAnswer(url, current, last && places.write(last.id, filter), PRIVATE, { counts }));
      },
    }),
    route({
      method: 'post',
      path: '/v1/admin/parked/retry',
      operationId: 'retryParkedEvents',
      tag: TAG,
      summary: 'Replay everything that is parked, each stream in its order',
      params: {},
      query: { runner: { schema: text(200) } },
      headers: [],
      answers: { 202: { description: 'It will be done', schema: askedFor } },
      problems: [],
      handle: async ({ query: { runner } }) => accepted(await parked.retryAll(runner)),
    }),
    route({
      method: 'get',
      path: '/v1/admin/parked/{id}',
      operationId: 'getParkedEvent',
      tag: TAG,
      summary: 'One parked event, with its data from the log',
      params: { id: parkedId },
      query: {},
      headers: [],
      answers: { 200: { description: 'The event', schema: parkedEventWithData } },
      problems: [],
      handle: async ({ params: { id } }) => {
        const event = await parked.find(id);
        if (!event) return E.left(missing(WHAT, `${WHAT} ${id}`));
        const body = shown(event);
        for await (const { data, metadata } of deps.eventStore.read(event.stream, {
          fromRevision: event.revision,
          maxCount: 1,
        })) {
          return E.right({ status: 200, body: { ...body, data, metadata }, headers: PRIVATE });
        }
        return E.right({ status: 200, body, headers: PRIVATE });
      },
    }),
    route({
      method: 'post',
      path: '/v1/admin/parked/{id}/retry',
      operationId: 'retryParkedEvent',
      tag: TAG,
      summary: "Replay the event's stream in order",
      description:
        'From the first parked event of the stream on, whichever of them is named, through the own handling of its runner. What fails again stays parked, with the new reason.',
      params: { id: parkedId },
      query: {},
      headers: [],
      answers: { 202: { description: 'It will be done', schema: askedFor } },
      problems: [],
      handle: async ({ params: { id } }) => answerTo(await parked.retry(id), id),
    }),
    route({
      method: 'delete',
      path: '/v1/admin/parked/{id}',
      operationId: 'discardParkedEvent',
      tag: TAG,
      summary: 'Drop a parked event: its runner goes on without it',
      description:
        'Only the first of its stream can be dropped alone. A read model then lacks it, and the later events of its stream, until it is rebuilt; a process does what the event asks for only if the reconciliation finds a quarter of an hour later that it can by then, and else somebody gets a task, as for what a publisher never published. The log keeps it.',
      params: { id: parkedId },
      query: { following: { schema: oneOf('true', 'false') } },
      headers: [],
      answers: { 202: { description: 'It will be done', schema: askedFor } },
      problems: ['earlier-events-parked'],
      handle: async ({ params: { id }, query: { following } }) =>
        answerTo(await parked.discard(id, following === 'true'), id),
    }),
  ];
}

const WHAT = 'parked event';

function answerTo(asked: Asked, id: string): Outcome {
  switch (asked._tag) {
    case 'Asked':
      return accepted(asked.events);
    case 'NoSuchParkedEvent':
      return E.left(missing(WHAT, `${WHAT} ${id}`));
    case 'NotTheFirst':
      return E.left(
        problem('earlier-events-parked', `${asked.first} is parked too and comes before it: begin there`, {
          extensions: { first: asked.first },
        }),
      );
  }
}

const accepted = (events: readonly ParkedEvent[]): Outcome =>
  E.right({ status: 202, body: { events: events.map(({ id }) => id) }, headers: PRIVATE });

const shown = ({ key, triedAt, asked, ...event }: ParkedEvent) => ({
  ...event,
  ...(key === null ? {} : { key }),
  ...(triedAt === null ? {} : { triedAt }),
  ...(asked === null ? {} : { asked }),
});

const isPlace = (value: unknown): value is string => typeof value === 'string';

const position = matching(/^\d{1,20}$/, 'a position');
const parkedId = described(
  matching(/^[\x20-\x7e]{1,200}@\d{1,20}$/, 'the name of a runner, @ and a position'),
  'Runner and position',
  'order_view_v1@4711',
);
const required = {
  id: parkedId,
  runner: text(200),
  position,
  stream: text(500),
  revision: integer(0),
  eventId: text(100),
  type: text(200),
  reason: described(text(2_000), 'Why it could not be handled'),
  parkedAt: dateTime,
};
const optional = {
  key: described(text(500), 'What its runner keeps in order, where that is not the stream'),
  triedAt: described(dateTime, 'When it was last tried again in vain'),
  asked: described(oneOf('retry', 'discard'), 'What is yet to be done by whoever runs the runner'),
};
const parkedEvent = named('ParkedEvent', object(required, optional));
const parkedEventWithData = named(
  'ParkedEventWithData',
  object(required, { ...optional, data: anything, metadata: anything }),
);
/** Of each runner that has any. */
export const parkedCounts = list(object({ runner: text(200), events: integer(0), streams: integer(0) }));
const parkedPage = pageWith('ParkedEventPage', parkedEvent, {
  counts: described(parkedCounts, 'How many each runner has, on all pages'),
});
const askedFor = object({ events: described(list(parkedId), 'Everything that it is asked of, in order') });
