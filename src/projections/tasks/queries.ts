import type { OrderId, TaskId } from '../../domain/kernel/ids.js';
import type { TaskKind, TaskView } from '../../domain/task/index.js';
import type { Queryable } from '../../subscriptions/ports/database.js';
import { type Freshness, freshnessOf } from '../freshness.js';
import { TASK_LIST } from './schema.js';

/** The place of a task in the list, newest first. */
export interface TaskListKey {
  /** RFC 3339, as in the view. */
  readonly openedAt: string;
  readonly id: TaskId;
}

export interface TasksPageRequest {
  readonly state: TaskView['state'];
  /** Any of these; absent: all. */
  readonly kind?: readonly TaskKind[];
  readonly orderId?: OrderId;
  readonly limit: number;
  readonly cursor?: TaskListKey;
}

export interface TasksPage extends Freshness {
  readonly items: readonly TaskView[];
  readonly next?: TaskListKey;
}

export interface TaskQueries {
  /** Tasks, newest first. */
  tasksPage(request: TasksPageRequest): Promise<TasksPage>;
}

/** Reads the tasks. Every method throws DatabaseUnavailable. */
export const taskQueries = (database: Queryable): TaskQueries => ({
  tasksPage: async ({ state, kind, orderId, limit, cursor }) => {
    const params: unknown[] = [];
    const param = (value: unknown): string => `$${params.push(value)}`;
    const conditions = [`status = ${param(state)}`];
    if (kind !== undefined) conditions.push(`kind = ANY (${param(kind)})`);
    if (orderId !== undefined) conditions.push(`order_id = ${param(orderId)}`);
    if (cursor) conditions.push(`(opened_at, id) < (${param(cursor.openedAt)}::timestamptz, ${param(cursor.id)})`);
    const freshness = await freshnessOf(database, TASK_LIST);
    const { rows } = await database.query<{ view: TaskView }>(
      `SELECT view FROM ${TASK_LIST} WHERE ${conditions.join(' AND ')}
       ORDER BY opened_at DESC, id DESC LIMIT ${param(limit + 1)}`,
      params,
    );
    const items = rows.slice(0, limit).map(({ view }) => view);
    const last = items.at(-1);
    const more = rows.length > limit && last !== undefined;
    return { items, ...(more ? { next: { openedAt: last.openedAt, id: last.id } } : {}), ...freshness };
  },
});
