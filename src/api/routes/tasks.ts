import * as E from 'fp-ts/lib/Either.js';
import { completeTask } from '../../commands/task/completeTask.js';
import { isId } from '../../domain/kernel/ids.js';
import { representTask } from '../../domain/task/index.js';
import type { TaskListKey } from '../../projections/tasks/queries.js';
import type { ApiDependencies } from '../dependencies.js';
import { cursors } from '../http/cursor.js';
import { pageAnswer } from '../http/pages.js';
import { type Route, route } from '../http/route.js';
import { found } from '../http/singles.js';
import { problemOfCommand } from '../problemDetails.js';
import { orderId } from '../schema/ids.js';
import { page } from '../schema/page.js';
import { text } from '../schema/primitives.js';
import { decimalText } from '../schema/query.js';
import { described } from '../schema/schema.js';
import { object } from '../schema/structures.js';
import { taskAnswer, taskId, taskKind, taskState } from '../schema/task.js';

const TAG = 'Tasks';
const DEFAULT_LIMIT = 25;
const LONGEST_NOTE = 1_000;

/** What waits for the staff. */
export function taskRoutes(deps: ApiDependencies): readonly Route[] {
  const { executor, clock } = deps;
  const places = cursors(deps.secret, 'tasks', isPlace, () => Date.parse(clock.now()));
  return [
    route({
      method: 'get',
      path: '/v1/tasks',
      operationId: 'listTasks',
      tag: TAG,
      summary: 'What waits for somebody to see to it, newest first',
      description:
        'Orders that are held, or that nobody can pay, parcels to pack, refunds to approve, refunds that failed, amounts that ' +
        'do not agree, disputes, shortfalls, and what reconciliation found. What settles itself is done by itself.',
      params: {},
      query: {
        state: { schema: taskState },
        kind: { schema: taskKind, repeatable: true },
        orderId: { schema: orderId },
        limit: { schema: decimalText(1, 100) },
        cursor: { schema: text(2000) },
      },
      headers: [],
      answers: { 200: { description: 'Tasks', schema: page('TaskPage', taskAnswer) } },
      problems: ['invalid-cursor'],
      handle: async ({ query: { state = 'open', kind, orderId: about, limit = DEFAULT_LIMIT, cursor }, url }) => {
        const filter = { state, kind: kind ? [...new Set(kind)].sort() : null, orderId: about ?? null };
        const after = cursor === undefined ? E.right(undefined) : places.read(cursor, filter);
        if (E.isLeft(after)) return after;
        const { items, next, asOf, lagMs } = await deps.tasks.tasksPage({
          state,
          limit,
          ...(kind === undefined ? {} : { kind }),
          ...(about === undefined ? {} : { orderId: about }),
          ...(after.right === undefined ? {} : { cursor: after.right }),
        });
        return E.right(pageAnswer(url, { items, asOf, lagMs }, next && places.write(next, filter)));
      },
    }),
    route({
      method: 'post',
      path: '/v1/tasks/{id}/done',
      operationId: 'completeTask',
      tag: TAG,
      summary: 'Say that a task was seen to',
      description:
        'Another amount than was asked for is seen to by a decision on it, as long as it waits for one: its task is done by that.',
      params: { id: taskId },
      query: {},
      headers: ['If-Match'],
      body: { schema: object({}, { note: described(text(LONGEST_NOTE), 'What was done') }), optional: true },
      answers: { 200: { description: 'The task, done', schema: taskAnswer, headers: ['ETag'] } },
      problems: ['illegal-transition', 'revision-mismatch'],
      handle: async ({ params: { id }, body, ifMatch, commandContext }) => {
        const outcome = await completeTask(executor, id, body.note, {
          ...commandContext(),
          ...(ifMatch === undefined ? {} : { ifMatch }),
        });
        if (E.isLeft(outcome)) return E.left(problemOfCommand(outcome.left, { what: 'task', id }));
        return found(representTask(outcome.right.state, outcome.right.revision), 'task', `task ${id}`);
      },
    }),
  ];
}

function isPlace(value: unknown): value is TaskListKey {
  if (typeof value !== 'object' || value === null) return false;
  const { openedAt, id } = value as Partial<Record<string, unknown>>;
  return typeof openedAt === 'string' && isId('task', id);
}
