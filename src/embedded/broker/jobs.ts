import PgBoss from 'pg-boss';
import { v7 as uuidv7 } from 'uuid';
import { BrokerUnavailable } from '../../projections/publishers/ports/messagePublisher.js';
import { DatabaseUnavailable } from '../../subscriptions/ports/database.js';
import type { Database, Queryable } from '../../subscriptions/ports/database.js';

/** What a job carries. The message travels as text: jsonb knows no NUL character and keeps no order of keys. */
export interface JobData {
  readonly body: string;
  readonly attempt: number;
  /** Of a dead letter only. */
  readonly dead?: { readonly id: string; readonly reason: string; readonly at: string };
}

export interface Job {
  readonly id: string;
  readonly data: JobData;
}

export interface TakenJob extends Job {
  /** How often it was taken before by somebody who died over it. */
  readonly crashes: number;
}

export interface NewJob {
  readonly queue: string;
  readonly data: JobData;
  readonly delayMs?: number;
}

/**
 * The queue tables of pg-boss as the embedded broker uses them: its schema, its insert and its fetch with SKIP LOCKED,
 * all on the one database pool. pg-boss's own polling (never below 0.5 s), its time-outs and its clean-up stay off:
 * consumers here are told of new jobs at once, and a job leaves its queue when it is done with, not by age.
 */
export interface Jobs {
  bind(queue: string, patterns: readonly string[]): Promise<void>;
  bindings(): Promise<readonly { readonly pattern: string; readonly queue: string }[]>;
  createQueue(queue: string): Promise<void>;
  /** All of them or none, durable when resolved. */
  insert(jobs: readonly NewJob[]): Promise<void>;
  /** Takes up to `limit` jobs, oldest first. They stay taken until removed, replaced or given back. */
  fetch(queue: string, limit: number): Promise<readonly TakenJob[]>;
  remove(queue: string, ids: readonly string[]): Promise<void>;
  /** In one transaction: the old job goes, the new one comes. Where the old one is gone, this was done before. */
  replace(queue: string, id: string, next: NewJob): Promise<void>;
  /** As if they had never been taken. */
  giveBack(queue: string, ids: readonly string[]): Promise<void>;
  /** Gives back what somebody took more than `olderThanMs` ago and nobody of ours works on: its taker is dead. */
  reclaim(queue: string, ours: readonly string[], olderThanMs: number): Promise<number>;
  /** Deletes what has waited in one of these queues for longer than that; what somebody has taken stays. */
  expire(queues: readonly string[], olderThanMs: number): Promise<void>;
  /** Oldest first, whether taken or not. */
  list(queue: string, limit: number): Promise<readonly Job[]>;
  count(queue: string): Promise<number>;
  queues(): Promise<readonly string[]>;
}

const SCHEMA = 'pgboss';

/** Runs `work` and names a missing database by the broker's own error, for that is what callers know. */
const asBroker = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DatabaseUnavailable) throw new BrokerUnavailable(error.message, { cause: error });
    throw error;
  }
};

const driver = (on: Queryable): PgBoss.Db => ({
  executeSql: (text: string, values: unknown[] = []) => on.query(text, values),
});

/** Makes the queue tables where they are missing and answers the way to work with them. */
export const openJobs = async (database: Database): Promise<Jobs> => {
  let current: Queryable = database;
  // each queue is a partition: two that are made at once wait for each other's lock on the parent, and one of them dies
  let creating: Promise<void> = Promise.resolve();
  const boss = new PgBoss({
    db: { executeSql: (text: string, values: unknown[] = []) => current.query(text, values) },
    schema: SCHEMA,
    supervise: false,
    schedule: false,
  });
  // its construction script opens a transaction of its own: inside one of ours a failure is rolled back on that connection
  await asBroker(() =>
    database.transaction(async (tx) => {
      current = tx;
      await boss.start().finally(() => (current = database));
    }),
  );
  await asBroker(() => database.query(ORDER_INDEX));

  const insertOn = async (on: Queryable, jobs: readonly NewJob[]): Promise<void> => {
    const rows = jobs.map(({ queue, data, delayMs }) => ({
      // ids that grow keep the order of jobs that one statement inserts
      id: uuidv7(),
      name: queue,
      data,
      ...(delayMs === undefined ? {} : { startAfter: new Date(Date.now() + delayMs).toISOString() }),
    }));
    await boss.insert(rows, { db: driver(on) });
  };

  return {
    bind: (queue, patterns) =>
      asBroker(async () => {
        for (const pattern of patterns) await boss.subscribe(pattern, queue);
      }),
    bindings: () =>
      asBroker(async () => {
        const { rows } = await database.query<{ pattern: string; queue: string }>(
          `SELECT event AS pattern, name AS queue FROM ${SCHEMA}.subscription`,
        );
        return rows;
      }),
    createQueue: (queue) => {
      creating = creating.catch(() => undefined).then(() => asBroker(() => boss.createQueue(queue)));
      return creating;
    },
    insert: (jobs) => asBroker(() => insertOn(database, jobs)),
    fetch: (queue, limit) =>
      asBroker(async () => {
        // pg-boss answers a failed query with an empty list, which would pass for an empty queue
        let fault: unknown;
        const db = {
          executeSql: async (text: string, values: unknown[] = []) => {
            try {
              return await database.query(text, values);
            } catch (error) {
              fault = error;
              throw error;
            }
          },
        };
        const options = { batchSize: limit, priority: false, includeMetadata: true, db } as const;
        const jobs = await boss.fetch<JobData>(queue, options);
        if (fault !== undefined) throw fault as Error;
        // an UPDATE returns its rows in no particular order
        return jobs
          .map(({ id, data, retryCount }) => ({ id, data, crashes: retryCount }))
          .sort((a, b) => (a.id < b.id ? -1 : 1));
      }),
    remove: (queue, ids) =>
      asBroker(async () => {
        if (ids.length > 0) await boss.deleteJob(queue, [...ids]);
      }),
    replace: (queue, id, next) =>
      asBroker(() =>
        database.transaction(async (tx) => {
          const { rowCount } = await tx.query(`DELETE FROM ${SCHEMA}.job WHERE name = $1 AND id = $2`, [queue, id]);
          if (rowCount > 0) await insertOn(tx, [next]);
        }),
      ),
    giveBack: (queue, ids) =>
      asBroker(async () => {
        await database.query(
          `UPDATE ${SCHEMA}.job SET state = 'created', started_on = NULL
            WHERE name = $1 AND state = 'active' AND id = ANY($2::uuid[])`,
          [queue, ids],
        );
      }),
    reclaim: (queue, ours, olderThanMs) =>
      asBroker(async () => {
        const { rowCount } = await database.query(
          // started_on stays: by it the next fetch counts the job as taken once more
          `UPDATE ${SCHEMA}.job SET state = 'retry'
            WHERE name = $1 AND state = 'active' AND id <> ALL($2::uuid[])
              AND started_on <= now() - $3 * interval '1 millisecond'`,
          [queue, ours, olderThanMs],
        );
        return rowCount;
      }),
    expire: (queues, olderThanMs) =>
      asBroker(async () => {
        await database.query(
          `DELETE FROM ${SCHEMA}.job
            WHERE name = ANY($1) AND state < 'active' AND created_on <= now() - $2 * interval '1 millisecond'`,
          [queues, olderThanMs],
        );
      }),
    list: (queue, limit) =>
      asBroker(async () => {
        const { rows } = await database.query<Job>(
          `SELECT id, data FROM ${SCHEMA}.job WHERE name = $1 ORDER BY created_on, id LIMIT $2`,
          [queue, limit],
        );
        return rows;
      }),
    count: (queue) =>
      asBroker(async () => {
        const { rows } = await database.query<{ count: number }>(
          `SELECT count(*) AS count FROM ${SCHEMA}.job WHERE name = $1`,
          [queue],
        );
        return rows[0]?.count ?? 0;
      }),
    queues: () => asBroker(async () => (await boss.getQueues()).map(({ name }) => name)),
  };
};

/** Without it every fetch would sort all that waits; with it a backlog costs nothing. Partitions of new queues get it too. */
const ORDER_INDEX = `CREATE INDEX IF NOT EXISTS comanda_job_order ON ${SCHEMA}.job (created_on, id) WHERE state < 'active'`;
