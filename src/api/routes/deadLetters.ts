import * as E from 'fp-ts/lib/Either.js';
import type { ApiDependencies } from '../dependencies.js';
import { cursors } from '../http/cursor.js';
import { pageAnswer } from '../http/pages.js';
import { type Outcome, type Route, route } from '../http/route.js';
import { missing, PRIVATE } from '../http/singles.js';
import type { DeadLetter, DeadLetterPlace } from '../ports/deadLetters.js';
import { pageWith } from '../schema/page.js';
import { anything, dateTime, integer, text } from '../schema/primitives.js';
import { decimalText } from '../schema/query.js';
import { described, named } from '../schema/schema.js';
import { list, object } from '../schema/structures.js';

const TAG = 'Administration';
const PAGE_LIMIT = 100;
const USUAL_LIMIT = 25;

/** Messages that a consumer gave up, on whichever broker the installation has. */
export const deadLetterRoutes = (deps: ApiDependencies): readonly Route[] => [
  listing(deps),
  retryAll(deps),
  purge(deps),
  ...single(deps),
];

function listing({ deadLetters, clock, secret }: ApiDependencies): Route {
  const places = cursors(secret, 'dlq', isPlace, () => Date.parse(clock.now()));
  return route({
    method: 'get',
    path: '/v1/admin/dlq',
    operationId: 'listDeadLetters',
    tag: TAG,
    summary: 'Messages that a consumer gave up',
    params: {},
    query: {
      queue: { schema: queueName },
      limit: { schema: decimalText(1, PAGE_LIMIT) },
      cursor: { schema: text(2000) },
    },
    headers: [],
    answers: { 200: { description: 'By queue, the oldest first', schema: deadLetterPage } },
    problems: ['invalid-cursor'],
    handle: async ({ query: { queue, limit = USUAL_LIMIT, cursor }, url }) => {
      const filter = { queue: queue ?? null };
      const after = cursor === undefined ? E.right(undefined) : places.read(cursor, filter);
      if (E.isLeft(after)) return after;
      const counts = await deadLetters.counts();
      const queues = counts.map((one) => one.queue);
      if (queue !== undefined && !queues.includes(queue)) return E.left(noQueue(queue));
      const { items, next } = await deadLetters.page(queue === undefined ? queues : [queue], limit, after.right);
      const current = { items: items.map(shown), asOf: clock.now(), lagMs: 0 };
      return E.right(pageAnswer(url, current, next && places.write(next, filter), PRIVATE, { counts }));
    },
  });
}

const retryAll = ({ deadLetters }: ApiDependencies): Route =>
  route({
    method: 'post',
    path: '/v1/admin/dlq/{queue}/retry',
    operationId: 'retryDeadLetters',
    tag: TAG,
    summary: 'Put all dead letters of a queue back on it, each as a first attempt',
    params: { queue: queueName },
    query: {},
    headers: [],
    answers: { 200: { description: 'How many', schema: moved } },
    problems: [],
    handle: async ({ params: { queue } }) =>
      (await deadLetters.queues()).includes(queue)
        ? E.right({ status: 200, body: { count: await deadLetters.retry(queue) }, headers: PRIVATE })
        : E.left(noQueue(queue)),
  });

const purge = ({ deadLetters }: ApiDependencies): Route =>
  route({
    method: 'delete',
    path: '/v1/admin/dlq/{queue}',
    operationId: 'discardDeadLetters',
    tag: TAG,
    summary: 'Drop all dead letters of a queue for good',
    params: { queue: queueName },
    query: {},
    headers: [],
    answers: { 200: { description: 'How many', schema: moved } },
    problems: [],
    handle: async ({ params: { queue } }) =>
      (await deadLetters.queues()).includes(queue)
        ? E.right({ status: 200, body: { count: await deadLetters.discard(queue) }, headers: PRIVATE })
        : E.left(noQueue(queue)),
  });

function single({ deadLetters }: ApiDependencies): readonly Route[] {
  const params = { queue: queueName, id: letterId };
  const path = '/v1/admin/dlq/{queue}/{id}';
  const known = async (queue: string): Promise<boolean> => (await deadLetters.queues()).includes(queue);
  /** Does something to a letter, and tells when there was none. */
  const changed = async (
    { queue, id }: { readonly queue: string; readonly id: string },
    change: (queue: string, id: string) => Promise<number>,
    done: Outcome,
  ): Promise<Outcome> => {
    if (!(await known(queue))) return E.left(noQueue(queue));
    return (await change(queue, id)) > 0 ? done : E.left(noLetter(queue, id));
  };
  return [
    route({
      method: 'get',
      path,
      operationId: 'getDeadLetter',
      tag: TAG,
      summary: 'One dead letter with its message',
      params,
      query: {},
      headers: [],
      answers: { 200: { description: 'The letter', schema: deadLetterWithMessage } },
      problems: [],
      handle: async ({ params: { queue, id } }) => {
        if (!(await known(queue))) return E.left(noQueue(queue));
        const letter = await deadLetters.find(queue, id);
        if (!letter) return E.left(noLetter(queue, id));
        const { message, body } = letter;
        const content = message === undefined ? { body } : { message };
        return E.right({ status: 200, body: { ...shown(letter), ...content }, headers: PRIVATE });
      },
    }),
    route({
      method: 'delete',
      path,
      operationId: 'discardDeadLetter',
      tag: TAG,
      summary: 'Drop a dead letter for good',
      params,
      query: {},
      headers: [],
      answers: { 204: { description: 'It is gone' } },
      problems: [],
      handle: ({ params: named }) =>
        changed(named, (queue, id) => deadLetters.discard(queue, id), E.right({ status: 204, headers: PRIVATE })),
    }),
    route({
      method: 'post',
      path: `${path}/retry`,
      operationId: 'retryDeadLetter',
      tag: TAG,
      summary: 'Put a dead letter back on its own queue, as a first attempt',
      params,
      query: {},
      headers: [],
      answers: { 200: { description: 'It is on its queue', schema: moved } },
      problems: [],
      handle: ({ params: named }) =>
        changed(
          named,
          (queue, id) => deadLetters.retry(queue, id),
          E.right({ status: 200, body: { count: 1 }, headers: PRIVATE }),
        ),
    }),
  ];
}

const noQueue = (queue: string) => missing('queue', `queue ${queue}`);
const noLetter = (queue: string, id: string) => missing('dead letter', `dead letter ${id} of ${queue}`);

const shown = ({ id, queue, reason, attempts, deadAt, message }: DeadLetter) => ({
  id,
  queue,
  ...(message === undefined ? {} : { type: message.type, subject: message.subject }),
  attempts,
  ...(deadAt === '' ? {} : { deadAt }),
  reason,
});

function isPlace(value: unknown): value is DeadLetterPlace {
  if (typeof value !== 'object' || value === null) return false;
  const { queue, id, deadAt, shown: seen } = value as Partial<Record<string, unknown>>;
  return (
    typeof queue === 'string' && typeof id === 'string' && typeof deadAt === 'string' && Number.isSafeInteger(seen)
  );
}

const queueName = text(200);
const letterId = text(300);
const required = {
  id: described(letterId, "The message's own id, else one that the broker gave it"),
  queue: described(queueName, 'The queue of the consumer that gave it up'),
  attempts: integer(0),
  reason: described(text(10_000), 'What the last attempt ended with'),
};
const optional = {
  type: described(text(300), 'Absent, like subject: the body is no message of ours'),
  subject: text(500),
  deadAt: described(dateTime, 'When it was given up'),
};
const deadLetter = named('DeadLetter', object(required, optional));
const deadLetterWithMessage = named(
  'DeadLetterWithMessage',
  object(required, { ...optional, message: anything, body: described(anything, 'As it came, where it is no message') }),
);
/** Of every queue. */
export const deadLetterCounts = list(object({ queue: queueName, count: integer(0) }));
const deadLetterPage = pageWith('DeadLetterPage', deadLetter, {
  counts: described(deadLetterCounts, 'How many each queue has, on all pages'),
});
const moved = object({ count: integer(0) });
